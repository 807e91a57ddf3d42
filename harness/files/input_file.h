#pragma once

#include <cstddef>
#include <string>

namespace ipcbench {

// The largest published result has 23 MB; one of as many cases with 300 launches each would have 780 MB.
inline constexpr std::size_t kLargestInput = std::size_t{1} << 30;

// Returns all of a file that a user has named, of at most `largest` bytes, and unpacks it, to at most as many, if it is
// compressed with Zstandard. Others may have made the file, so it is neither waited for nor trusted: it must be a
// regular file, or the pipe of a process substitution (`<(xz -dc FILE)`).
//
// Throws UsageError for a folder, a device, a named FIFO or a socket, and for a larger file or damaged compressed data.
// Throws std::system_error if it can't be opened or read. Both name the path.
std::string read_input(const std::string& path, std::size_t largest = kLargestInput);

// Throws UsageError, naming the path, unless `fd` is a regular file. Opening with O_NONBLOCK keeps a FIFO from
// blocking.
void require_regular_file(int fd, const std::string& path);

}  // namespace ipcbench
