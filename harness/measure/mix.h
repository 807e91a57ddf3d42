#pragma once

#include <cstdint>

namespace ipcbench {

inline constexpr std::uint64_t kGoldenGamma = 0x9e3779b97f4a7c15u;  // SplitMix64's step from a state to the next

// The finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
constexpr std::uint64_t mix64(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace ipcbench
