#include "harness/memory/memfd.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "harness/base/error.h"
#include "harness/run_dir/file_space.h"

namespace ipcbench {
namespace {

UniqueFd make(PageKind pages) noexcept {
  return UniqueFd(::memfd_create("ipcbench", MFD_CLOEXEC | (pages == PageKind::huge ? MFD_HUGETLB : 0)));
}

}  // namespace

Memfd::Memfd(std::size_t size, PageKind pages)
    : fd_(make(pages)), size_(pages == PageKind::huge ? HugePages::of_this_host().round_up(size) : size) {
  if (!fd_) throw_errno("memfd_create");
  take_space(fd_.get(), size_, "a memfd");
}

int memfd_error(PageKind pages) noexcept { return make(pages) ? 0 : errno; }

}  // namespace ipcbench
