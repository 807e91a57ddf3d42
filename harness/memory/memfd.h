#pragma once

#include <cstddef>
#include <string>

#include "harness/base/unique_fd.h"
#include "harness/memory/huge_pages.h"
#include "harness/memory/mapping.h"

namespace ipcbench {

// Memfd is a file of memory without a name, memfd_create(2), mapped by whoever has a descriptor of it. It is freed with
// its last descriptor and mapping.
class Memfd {
 public:
  // Makes a file of `size` bytes, zeroed and backed by memory, rounded up to whole huge pages. Throws
  // std::system_error.
  explicit Memfd(std::size_t size, PageKind pages = PageKind::small);

  const UniqueFd& descriptor() const noexcept { return fd_; }
  // Maps the whole of such a file by a descriptor. Throws std::system_error.
  static Mapping open(const UniqueFd& file);
  // Closes this process's descriptor.
  void remove() noexcept { fd_.reset(); }

 private:
  UniqueFd fd_;
};

// Says why no memfd can be made on this host: "memfd_create: Function not implemented"; "" if one can.
std::string memfd_refusal(PageKind pages = PageKind::small);

}  // namespace ipcbench
