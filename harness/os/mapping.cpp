#include "harness/os/mapping.h"

#include "harness/os/error.h"

namespace ipcbench {
namespace {

void* map(std::size_t size, int flags, int fd, const char* what) {
  void* address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags | MAP_POPULATE, fd, 0);
  if (address == MAP_FAILED) throw_errno("mmap {} of {} bytes", what, size);
  return address;
}

}  // namespace

Mapping Mapping::shared_anonymous(std::size_t size) {
  return {map(size, MAP_SHARED | MAP_ANONYMOUS, -1, "shared anonymous memory"), size};
}

Mapping Mapping::private_anonymous(std::size_t size) {
  return {map(size, MAP_PRIVATE | MAP_ANONYMOUS, -1, "private memory"), size};
}

Mapping Mapping::shared_file(int fd, std::size_t size) { return {map(size, MAP_SHARED, fd, "shared file"), size}; }

}  // namespace ipcbench
