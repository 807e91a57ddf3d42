#pragma once

#include <cstddef>

#include "harness/base/unique_fd.h"
#include "harness/memory/huge_pages.h"
#include "harness/memory/mapping.h"

namespace ipcbench {

// Memfd is a file of memory without a name, memfd_create(2), mapped by whoever has its descriptor. It is freed with its
// last descriptor and mapping.
class Memfd {
 public:
  // Makes a file of `size` bytes, zeroed and backed by memory, rounded up to whole huge pages. Throws
  // std::system_error.
  Memfd(std::size_t size, PageKind pages);

  // Maps the file by its descriptor, which a child inherits. Throws std::system_error.
  Mapping open() const { return Mapping::shared_file(fd_.get(), size_); }
  // Closes this process's descriptor.
  void remove() noexcept { fd_.reset(); }

 private:
  UniqueFd fd_;
  std::size_t size_;
};

// Returns the error number of memfd_create() on this host; 0 if it works.
int memfd_error(PageKind pages) noexcept;

}  // namespace ipcbench
