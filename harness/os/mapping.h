#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <utility>

namespace ipcbench {

// Owns one memory mapping; unmapped on destruction in the process that destroys it.
class Mapping {
 public:
  Mapping() noexcept = default;
  Mapping(Mapping&& other) noexcept
      : address_(std::exchange(other.address_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(address_, other.address_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Mapping() {
    if (address_ != nullptr) ::munmap(address_, size_);
  }

  // Zeroed, shared with children of fork, populated. Throws std::system_error.
  static Mapping shared_anonymous(std::size_t size);
  // Zeroed, private, populated. Throws std::system_error.
  static Mapping private_anonymous(std::size_t size);
  // MAP_SHARED of `fd` from offset 0, populated. Throws std::system_error. The descriptor may be closed afterwards.
  static Mapping shared_file(int fd, std::size_t size);

  std::byte* data() const noexcept { return static_cast<std::byte*>(address_); }
  std::size_t size() const noexcept { return size_; }

 private:
  Mapping(void* address, std::size_t size) noexcept : address_(address), size_(size) {}

  void* address_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ipcbench
