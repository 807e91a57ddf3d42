#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/measure/mix.h"

namespace ipcbench {

// SplitMix64: the same numbers with every compiler and library, for what has to come out the same from its seed.
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept { return mix64(state_ += kGoldenGamma); }
  // Uniform in [0, end), end >= 1; the bias of the remainder is under end / 2^64.
  std::size_t below(std::size_t end) noexcept { return static_cast<std::size_t>(next() % end); }

 private:
  std::uint64_t state_;
};

}  // namespace ipcbench
