#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace ipcbench {

// Gives a new file its size and takes the space now: where the file system is full, a store to a mapped page of a file
// with holes would be a SIGBUS. Throws std::system_error naming `name`.
void take_space(int fd, std::size_t size, const std::string& name);

// The file system that a folder is on.
struct FileSystem {
  std::size_t free = 0;    // bytes that this user may still take
  bool in_memory = false;  // tmpfs or ramfs
};
// Nothing if there is no such folder or this process can't make files in it: errno says why.
std::optional<FileSystem> file_system_of(const char* folder) noexcept;

}  // namespace ipcbench
