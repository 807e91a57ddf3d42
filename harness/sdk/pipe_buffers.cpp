#include "harness/sdk/pipe_buffers.h"

#include <array>
#include <system_error>

namespace ipcbench {

OptionInfo pipe_capacity_option() {
  return {.name = "capacity",
          .kind = OptionInfo::Kind::size,
          .default_value = kSystemDefault,
          .values = {"4KiB", "1MiB"},
          .summary = "bytes asked for by F_SETPIPE_SZ; default: what the system gives"};
}

BufferSizes PipeBuffers::sizes(int fd, Role role) const {
  const BufferDirection out = role == Role::producer ? BufferDirection::forward : BufferDirection::backward;
  BufferSizes sizes{};
  sizes.add(pipe_buffer(fd, out, asked_));
  return sizes;
}

BufferSizes PipeBuffers::sizes_here() const {
  BufferSizes sizes{};
  try {
    const std::array<UniqueFd, 2> pipe = make_pipe();
    ask(pipe[1].get());
    sizes.add(pipe_buffer(pipe[1].get(), BufferDirection::both, asked_));
  } catch (const std::system_error&) {  // probe() or option_refusal() say why there is no such pipe
  }
  return sizes;
}

}  // namespace ipcbench
