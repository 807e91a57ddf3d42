#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace ipcbench {

// Gives a new file its size and allocates its space. On a full file system a store to a hole of a mapped file would be
// a SIGBUS. Throws std::system_error naming `name`.
void take_space(int fd, std::size_t size, const std::string& name);

// FileSystem is the file system that a folder is on.
struct FileSystem {
  std::size_t free = 0;    // bytes that this user may still take
  bool in_memory = false;  // tmpfs or ramfs
};
// Returns the file system of `folder`; nullopt if there is no such folder or this process can't make files in it, and
// errno says why.
std::optional<FileSystem> file_system_of(const char* folder) noexcept;

}  // namespace ipcbench
