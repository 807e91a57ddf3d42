#pragma once

#include <cstdint>

namespace ipcbench {

inline constexpr std::uint64_t kGoldenGamma = 0x9e3779b97f4a7c15u;  // SplitMix64's step from a state to the next

// mix64() is the finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
constexpr std::uint64_t mix64(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// Mixes two numbers into a seed; any other pair has, barring accidents, another seed.
constexpr std::uint64_t mixed_seed(std::uint64_t a, std::uint64_t b) noexcept {
  return mix64(a + kGoldenGamma * (b + 1));
}

// SplitMix64 generates numbers that come back from their seed everywhere, as std::shuffle and the standard
// distributions, which differ between libraries, do not.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept { return mix64(state_ += kGoldenGamma); }
  // Returns a uniform number in [0, bound), bound >= 1. Draws from the incomplete last multiple of `bound` are
  // rejected.
  std::uint64_t below(std::uint64_t bound) noexcept {
    const std::uint64_t rejected = (0 - bound) % bound;
    for (;;) {
      const std::uint64_t draw = next();
      if (draw >= rejected) return draw % bound;
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace ipcbench
