#pragma once

#include <cstddef>
#include <utility>

#include "harness/memory/huge_pages.h"

namespace ipcbench {

// Owns one memory mapping; unmapped on destruction in the process that destroys it.
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

  // Zeroed, shared with children of fork, populated. Huge pages: `size` is a multiple of theirs. Throws
  // std::system_error.
  static Mapping shared_anonymous(std::size_t size, PageKind pages = PageKind::small);
  // Zeroed, private, populated. Throws std::system_error.
  static Mapping private_anonymous(std::size_t size);
  // MAP_SHARED of `fd` from offset 0, populated. Throws std::system_error. The descriptor may be closed afterwards.
  static Mapping shared_file(int fd, std::size_t size);
  // The System V segment `id`, attached (shmat) and populated. Throws std::system_error.
  static Mapping sysv_segment(int id);

  // Touches every page as a store would, without changing it: no later store is this process's first to a page. What
  // populates a mapping leaves that out for a process that inherits it, for pages of files on a disk, and for shmat.
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
