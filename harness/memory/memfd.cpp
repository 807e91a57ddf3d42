#include "harness/memory/memfd.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/run_dir/file_space.h"

namespace ipcbench {
namespace {

UniqueFd make(PageKind pages) noexcept {
  return UniqueFd(::memfd_create("ipcbench", MFD_CLOEXEC | (pages == PageKind::huge ? MFD_HUGETLB : 0)));
}

}  // namespace

Memfd::Memfd(std::size_t size, PageKind pages) : fd_(make(pages)) {
  if (!fd_) throw_errno("memfd_create");
  take_space(fd_.get(), pages == PageKind::huge ? HugePages::of_this_host().round_up(size) : size, "a memfd");
}

Mapping Memfd::open(const UniqueFd& file) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_errno("fstat of a memfd");
  return Mapping::shared_file(file.get(), static_cast<std::size_t>(status.st_size));
}

std::string memfd_refusal(PageKind pages) {
  if (make(pages)) return "";
  return fmt::format("memfd_create: {}", std::strerror(errno));
}

}  // namespace ipcbench
