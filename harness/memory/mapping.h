#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "harness/memory/huge_pages.h"

namespace ipcbench {

// Mapping owns one memory mapping, unmapped on destruction in the process that destroys it.
class Mapping {
 public:
  Mapping() noexcept = default;
  Mapping(Mapping&& other) noexcept
      : address_(std::exchange(other.address_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        is_sysv_(other.is_sysv_) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(address_, other.address_);
    std::swap(size_, other.size_);
    std::swap(is_sysv_, other.is_sysv_);
    return *this;
  }
  ~Mapping();

  // Maps zeroed memory that children of fork share, populated. For huge pages `size` must be a multiple of theirs.
  // Throws std::system_error.
  static Mapping shared_anonymous(std::size_t size, PageKind pages = PageKind::small);
  // Maps zeroed private memory, populated. Throws std::system_error.
  static Mapping private_anonymous(std::size_t size);
  // Maps `fd` from `offset` with MAP_SHARED, populated. The descriptor may be closed afterwards. Throws
  // std::system_error.
  static Mapping shared_file(int fd, std::size_t size, std::int64_t offset = 0);
  // Takes over the mapping at `address` that a fork has left this process, and touches its pages: the pages are there,
  // but a fork leaves a shared mapping's page table empty.
  static Mapping inherited(void* address, std::size_t size) noexcept;
  // Attaches the System V segment `id` (shmat), populated. Throws std::system_error.
  static Mapping sysv_segment(int id);

  // Touches every page as a store would, without changing it, so that no later store is this process's first to a page.
  // Populating doesn't do that for an inherited mapping, for pages of files on a disk, and for shmat.
  void prefault() const noexcept;

  std::byte* data() const noexcept { return static_cast<std::byte*>(address_); }
  std::size_t size() const noexcept { return size_; }

 private:
  Mapping(void* address, std::size_t size, bool is_sysv = false) noexcept
      : address_(address), size_(size), is_sysv_(is_sysv) {}

  void* address_ = nullptr;
  std::size_t size_ = 0;
  bool is_sysv_ = false;  // detached by shmdt
};

}  // namespace ipcbench
