#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ipcbench {

// All of a file; throws std::system_error naming the path.
std::string read_file(const std::string& path);
// The first line of a small file (sysfs, procfs) without its newline; nullopt if it can't be read.
std::optional<std::string> read_line(const std::string& path);
// Writes path + ".tmp", syncs, renames over `path`, syncs the folder: the old or the new content is there, never a
// part. Throws std::system_error; the temporary file is removed.
void write_file_atomically(const std::string& path, std::string_view content);
// All bytes, short writes, EINTR and a full pipe that is not waited for (O_NONBLOCK) dealt with. Throws std::system_error naming `what`.
void write_all(int fd, std::string_view bytes, std::string_view what);

}  // namespace ipcbench
