#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ipcbench {

// Returns all of a file of the kernel's or of this program's own; files that users name are read by read_input()
// (input_file.h). Throws std::system_error naming the path.
std::string read_file(const std::string& path);
// Returns the same, or "" if the file can't be read.
std::string read_file_or_empty(const std::string& path);
// Returns the first line of a small file (sysfs, procfs) without its newline; nullopt if it can't be read.
std::optional<std::string> read_line(const std::string& path);
// Writes all bytes, across short writes, EINTR and a full non-blocking pipe (O_NONBLOCK). Throws std::system_error
// naming `what`.
void write_all(int fd, std::string_view bytes, std::string_view what);

}  // namespace ipcbench
