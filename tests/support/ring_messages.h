#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/measure/payload.h"

namespace ipcbench {

// Returns sizes of messages: all short ones, and some long ones.
inline const std::vector<std::size_t>& ring_sizes() {
  static const std::vector<std::size_t> all = [] {
    std::vector<std::size_t> list;
    for (std::size_t size = 1; size <= 200; ++size) list.push_back(size);
    for (const std::size_t size : {4u << 10, 64u << 10, 1u << 20, 4u << 20}) list.push_back(size);
    return list;
  }();
  return all;
}

// Returns message `sequence` of the producer, every byte of it written.
inline std::vector<std::byte> full_message(std::size_t size, std::uint64_t sequence) {
  std::vector<std::byte> message(size);
  Payload(PayloadMode::full, 1, Role::producer).write(message, sequence);
  return message;
}

}  // namespace ipcbench
