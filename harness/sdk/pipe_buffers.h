#pragma once

#include <cstddef>
#include <optional>

#include "harness/descriptors/pipe_buffer.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// The option `capacity` of transports over pipes: bytes that F_SETPIPE_SZ is asked for.
OptionInfo pipe_capacity_option();

// The pipes of a session: what its option asks for, and what the kernel made of that.
class PipeBuffers {
 public:
  explicit PipeBuffers(const OptionValues& options) : asked_(asked_size(options, "capacity")) {}

  // Gives the pipe behind `fd` the capacity that the option asks for, if any. Throws std::system_error.
  void ask(int fd) const {
    if (asked_) set_pipe_size(fd, *asked_);
  }
  // Takes `fd` for the pipe that this side writes. The endpoint must keep it open.
  void watch(int fd) noexcept { fd_ = fd; }

  // What Session::buffers() returns.
  BufferSizes sizes(Role role) const;
  // What Transport::buffers_here() returns: the same of a new pipe, in both directions.
  BufferSizes sizes_here() const;
  // What Transport::capabilities() says of bytes in flight, what option_refusal() and what probe() say.
  std::size_t capacity() const noexcept { return asked_ ? rounded_pipe_size(*asked_) : usual_pipe_size(); }
  std::string refusal() const { return pipe_refusal(asked_); }

 private:
  std::optional<std::size_t> asked_;
  int fd_ = -1;
};

}  // namespace ipcbench
