#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ipcbench {

// All of a file of the kernel's or of this program's own; what a user names is read by read_input() (input_file.h).
// Throws std::system_error naming the path.
std::string read_file(const std::string& path);
// Returns the same, or "" where the file can't be read.
std::string read_file_or_empty(const std::string& path);
// The first line of a small file (sysfs, procfs) without its newline; nullopt if it can't be read.
std::optional<std::string> read_line(const std::string& path);
// All bytes: short writes, EINTR and a full pipe that doesn't wait (O_NONBLOCK) are dealt with. Throws
// std::system_error naming `what`.
void write_all(int fd, std::string_view bytes, std::string_view what);

}  // namespace ipcbench
