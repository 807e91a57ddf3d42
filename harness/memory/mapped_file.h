#pragma once

#include <cstddef>
#include <string>

#include "harness/memory/mapping.h"
#include "harness/run_dir/owned_path.h"

namespace ipcbench {

// MappedFile owns a file made to be mapped by several processes, mmap(2) with MAP_SHARED. Its destructor unlinks the
// file, but not in a forked child.
class MappedFile {
 public:
  // Makes `path`, which must not exist: `size` bytes, zeroed, with their space allocated. Throws std::system_error.
  MappedFile(std::string path, std::size_t size);

  const std::string& path() const noexcept { return path_.str(); }
  // Maps the whole of such a file by its path. Throws std::system_error.
  static Mapping open(const std::string& path);
  // Unlinks the file; mappings stay.
  void remove() noexcept { path_.remove(); }

 private:
  OwnedPath path_;
};

}  // namespace ipcbench
