#pragma once

#include <cstddef>
#include <string>

#include "harness/memory/mapping.h"
#include "harness/run_dir/owned_path.h"

namespace ipcbench {

// A file that this process has made to be mapped by several, mmap(2) with MAP_SHARED. Unlinked when the owner goes; a
// copy inherited by a forked child removes nothing.
class MappedFile {
 public:
  // Makes `path`, which must not exist: `size` bytes, zeroed, with their space taken at once. Throws std::system_error.
  MappedFile(std::string path, std::size_t size);

  // A mapping of its own, found by path, as an unrelated process would. Throws std::system_error.
  Mapping open() const;
  // Nobody finds it any more; mappings stay.
  void remove() noexcept { path_.remove(); }

 private:
  OwnedPath path_;
  std::size_t size_;
};

}  // namespace ipcbench
