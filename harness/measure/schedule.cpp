#include "harness/measure/schedule.h"

#include <cmath>

namespace ipcbench {

std::uint64_t Schedule::next() noexcept {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const std::uint64_t index = index_++;
  if (loop_.rate_per_s == 0) return 0;
  switch (loop_.arrivals) {
    case Arrivals::constant:
      return index * kSecond / loop_.rate_per_s;
    case Arrivals::burst:
      return index / loop_.burst * loop_.burst * kSecond / loop_.rate_per_s;
    case Arrivals::poisson: {
      // The gaps of a Poisson process are exponential; the first message comes after the first of them.
      const double uniform = std::ldexp(static_cast<double>(random_.next() >> 11), -53);  // in [0, 1)
      last_ns_ += -std::log1p(-uniform) * static_cast<double>(kSecond) / static_cast<double>(loop_.rate_per_s);
      return static_cast<std::uint64_t>(last_ns_);
    }
  }
  return 0;
}

}  // namespace ipcbench
