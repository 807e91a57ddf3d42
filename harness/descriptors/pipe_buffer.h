#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "harness/base/unique_fd.h"
#include "harness/ipc/buffer_size.h"

// A pipe holds 16 pages by default, or what F_SETPIPE_SZ gives it, pipe(7). It holds less if the user's pipes have used
// up fs.pipe-user-pages-soft.

namespace ipcbench {

// Makes a pipe: its read end, its write end. Throws std::system_error that names the limit, if one is known to be the
// cause.
std::array<UniqueFd, 2> make_pipe();  // read, write

// Returns the bytes of a new pipe that no limit makes smaller.
std::size_t usual_pipe_size() noexcept;
// Returns what the kernel makes of an F_SETPIPE_SZ of `bytes`: a power of two of pages.
std::size_t rounded_pipe_size(std::size_t bytes) noexcept;

// Sets the size of a pipe by F_SETPIPE_SZ. Throws std::system_error that names the limit.
void set_pipe_size(int fd, std::size_t bytes);
// Returns the size of a pipe by F_GETPIPE_SZ; 0 if the kernel doesn't report it. `asked` is what set_pipe_size() got,
// nullopt if it wasn't called.
BufferSize pipe_buffer(int fd, BufferDirection direction, std::optional<std::size_t> asked);

// Says why this process can't have the two pipes of a channel with such a size; "" if it can. What fs.pipe-max-size
// forbids to users is refused to everybody, so that what can be measured doesn't depend on who measures it.
std::string pipe_refusal(std::optional<std::size_t> bytes);

}  // namespace ipcbench
