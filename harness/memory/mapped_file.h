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

  // Maps the file by its path, as an unrelated process would. Throws std::system_error.
  Mapping open() const;
  // Unlinks the file; mappings stay.
  void remove() noexcept { path_.remove(); }

 private:
  OwnedPath path_;
  std::size_t size_;
};

}  // namespace ipcbench
