#include "harness/memory/mapping.h"

#include <sys/mman.h>
#include <sys/shm.h>

#include <atomic>
#include <cstdint>

#include "harness/base/error.h"
#include "harness/base/page_size.h"

namespace ipcbench {
namespace {

void* map(std::size_t size, int flags, int fd, const char* what, off_t offset = 0) {
  void* address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags | MAP_POPULATE, fd, offset);
  if (address == MAP_FAILED) throw_errno("mmap {} of {} bytes", what, size);
  return address;
}

}  // namespace

Mapping::~Mapping() {
  if (address_ == nullptr) return;
  if (is_sysv_) {
    ::shmdt(address_);
  } else {
    ::munmap(address_, size_);
  }
}

Mapping Mapping::shared_anonymous(std::size_t size, PageKind pages) {
  const int huge = pages == PageKind::huge ? MAP_HUGETLB : 0;
  return {map(size, MAP_SHARED | MAP_ANONYMOUS | huge, -1, "shared anonymous memory"), size};
}

Mapping Mapping::private_anonymous(std::size_t size) {
  return {map(size, MAP_PRIVATE | MAP_ANONYMOUS, -1, "private memory"), size};
}

Mapping Mapping::shared_file(int fd, std::size_t size, std::int64_t offset) {
  return {map(size, MAP_SHARED, fd, "shared file", offset), size};
}

Mapping Mapping::inherited(void* address, std::size_t size) noexcept {
  Mapping mapping(address, size);
  mapping.prefault();
  return mapping;
}

Mapping Mapping::sysv_segment(int id) {
  shmid_ds about{};
  if (::shmctl(id, IPC_STAT, &about) != 0) throw_errno("shmctl IPC_STAT of segment {}", id);
  void* address = ::shmat(id, nullptr, 0);
  if (reinterpret_cast<std::intptr_t>(address) == -1) throw_errno("shmat of {} bytes", about.shm_segsz);
  Mapping mapping(address, about.shm_segsz, true);
  mapping.prefault();
  return mapping;
}

void Mapping::prefault() const noexcept {
  const std::size_t page = page_size();
  auto* const bytes = static_cast<unsigned char*>(address_);
  for (std::size_t at = 0; at < size_; at += page) std::atomic_ref(bytes[at]).fetch_or(0, std::memory_order_relaxed);
}

}  // namespace ipcbench
