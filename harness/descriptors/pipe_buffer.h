#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "harness/base/unique_fd.h"
#include "harness/ipc/buffer_size.h"

// What a pipe holds, pipe(7): 16 pages, what F_SETPIPE_SZ gives it, or less for a user whose pipes have used up
// fs.pipe-user-pages-soft.

namespace ipcbench {

// The two ends of a new pipe. Throws std::system_error that names the limit, where it knows which.
std::array<UniqueFd, 2> make_pipe();  // read, write

// Bytes of a new pipe where no limit is in its way.
std::size_t usual_pipe_size() noexcept;
// Bytes that the kernel makes of an F_SETPIPE_SZ of `bytes`: pages, as many as a power of two.
std::size_t rounded_pipe_size(std::size_t bytes) noexcept;

// F_SETPIPE_SZ. Throws std::system_error that names the limit.
void set_pipe_size(int fd, std::size_t bytes);
// F_GETPIPE_SZ. `asked`: what set_pipe_size() got; none: nothing. The size is 0 where the kernel doesn't tell.
BufferSize pipe_buffer(int fd, BufferDirection direction, std::optional<std::size_t> asked);

// Why this process can't have the two pipes of a channel with such a size, "" if it can. What fs.pipe-max-size forbids
// to users is refused to everybody, so that what can be measured doesn't depend on who measures it.
std::string pipe_refusal(std::optional<std::size_t> bytes);

}  // namespace ipcbench
