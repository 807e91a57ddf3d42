#pragma once

#include <cstddef>

#include "harness/base/unique_fd.h"
#include "harness/memory/huge_pages.h"
#include "harness/memory/mapping.h"

namespace ipcbench {

// A file of memory without a name, memfd_create(2): whoever has its descriptor maps it. It goes with the last
// descriptor and mapping.
class Memfd {
 public:
  // `size` bytes, zeroed and backed by memory at once; rounded up to whole huge pages. Throws std::system_error.
  Memfd(std::size_t size, PageKind pages);

  // A mapping of its own, by the descriptor, which a child inherits. Throws std::system_error.
  Mapping open() const { return Mapping::shared_file(fd_.get(), size_); }
  // Closes this process's descriptor.
  void remove() noexcept { fd_.reset(); }

 private:
  UniqueFd fd_;
  std::size_t size_;
};

// 0, or the error of memfd_create() here.
int memfd_error(PageKind pages) noexcept;

}  // namespace ipcbench
