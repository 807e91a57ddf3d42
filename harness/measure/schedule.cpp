#include "harness/measure/schedule.h"

#include <cmath>

namespace ipcbench {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

}  // namespace

Schedule::Schedule(const OpenLoop& loop, std::uint64_t seed, Share share) noexcept
    : loop_(loop), share_(share), random_(share.senders == 1 ? seed : mix64(seed + share.index)) {
  if (loop.rate_per_s == 0) return;
  mean_gap_ns_ = static_cast<double>(kSecond * share.senders) / static_cast<double>(loop.rate_per_s);
  if (loop.arrivals != Arrivals::poisson || share.senders == 1) return;
  // Goes by the whole process once, so that its end is known.
  Schedule whole(loop, 0);
  whole.random_ = random_;
  whole.mean_gap_ns_ = mean_gap_ns_;
  double length_ns = 0;
  for (std::uint64_t i = 0; i <= share.messages; ++i) length_ns += whole.gap_ns();
  mean_gap_ns_ *= static_cast<double>(end()) / length_ns;
}

std::uint64_t Schedule::next() noexcept {
  const std::uint64_t index = index_++;
  if (loop_.rate_per_s == 0) return 0;
  if (loop_.arrivals == Arrivals::poisson) return static_cast<std::uint64_t>(last_ns_ += gap_ns());
  const std::uint64_t burst = loop_.arrivals == Arrivals::burst ? loop_.burst : 1;
  return (index / burst * share_.senders + share_.index) * burst * kSecond / loop_.rate_per_s;
}

std::uint64_t Schedule::end() noexcept {
  if (share_.senders == 1) return next();
  return loop_.rate_per_s == 0 ? 0 : share_.messages * share_.senders * kSecond / loop_.rate_per_s;
}

// The gaps of a Poisson process are exponential; the first message comes after the first of them.
double Schedule::gap_ns() noexcept {
  const double uniform = std::ldexp(static_cast<double>(random_.next() >> 11), -53);  // in [0, 1)
  return -std::log1p(-uniform) * mean_gap_ns_;
}

}  // namespace ipcbench
