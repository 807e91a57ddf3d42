#pragma once

#include <cstddef>
#include <string>

namespace ipcbench {

// The largest result that has been published has 20 MB; one of as many cases with 300 launches each has 700.
inline constexpr std::size_t kLargestInput = std::size_t{1} << 30;

// Returns all of a file that a user has named. Others may have made it, so it is neither waited for nor trusted: a
// regular file, or the pipe of a process substitution (`<(xz -dc FILE)`), of at most `largest` bytes. What is
// compressed with Zstandard is unpacked, to at most as many. Throws UsageError for a folder, a device, a named FIFO, a
// socket, for what is larger, and for compressed data that are torn or damaged; std::system_error where it can't be
// opened or read. Both name the path.
std::string read_input(const std::string& path, std::size_t largest = kLargestInput);

// Throws UsageError, naming the path, unless `fd` is a regular file. Opening with O_NONBLOCK keeps a FIFO from
// blocking.
void require_regular_file(int fd, const std::string& path);

}  // namespace ipcbench
