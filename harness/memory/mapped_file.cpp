#include "harness/memory/mapped_file.h"

#include <fcntl.h>

#include <utility>

#include "harness/base/error.h"
#include "harness/base/unique_fd.h"
#include "harness/run_dir/file_space.h"

namespace ipcbench {

MappedFile::MappedFile(std::string path, std::size_t size) : path_(std::move(path)), size_(size) {
  const UniqueFd fd(::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) {
    path_.disown();  // what exists there is another's
    throw_errno("open {}", path_.str());
  }
  take_space(fd.get(), size_, path_.str());
}

Mapping MappedFile::open() const {
  const UniqueFd fd(::open(path_.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) throw_errno("open {}", path_.str());
  Mapping mapping = Mapping::shared_file(fd.get(), size_);
  mapping.prefault();
  return mapping;
}

}  // namespace ipcbench
