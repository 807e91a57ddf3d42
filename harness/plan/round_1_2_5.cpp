#include "harness/plan/round_1_2_5.h"

#include <initializer_list>

namespace ipcbench {

std::uint64_t round_1_2_5(double n) noexcept {
  constexpr std::uint64_t kLargest = 1'000'000'000'000'000'000;
  std::uint64_t power = 1;
  while (power < kLargest && static_cast<double>(power) * 10 <= n) power *= 10;
  for (const std::uint64_t digit : {5u, 2u}) {
    if (static_cast<double>(digit * power) <= n) return digit * power;
  }
  return power;
}

std::uint64_t round_up_1_2_5(double n) noexcept {
  const std::uint64_t down = round_1_2_5(n);
  if (static_cast<double>(down) >= n) return down;
  // After 2 comes 5; after 1 and 5 the double.
  std::uint64_t leading = down;
  while (leading >= 10) leading /= 10;
  return leading == 2 ? down / 2 * 5 : down * 2;
}

}  // namespace ipcbench
