#pragma once

#include <cstddef>
#include <span>

namespace ipcbench {

using Bytes = std::span<std::byte>;
using ConstBytes = std::span<const std::byte>;

inline constexpr std::size_t kCacheLine = 64;

}  // namespace ipcbench
