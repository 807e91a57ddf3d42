#pragma once

#include <cstdint>

namespace ipcbench {

// Returns the largest 1-2-5 number <= n (n >= 1), or the smallest >= n.
std::uint64_t round_1_2_5(double n) noexcept;
std::uint64_t round_up_1_2_5(double n) noexcept;

}  // namespace ipcbench
