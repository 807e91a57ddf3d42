#include "harness/measure/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace ipcbench {

void Histogram::merge(const Histogram& other) noexcept {
  for (std::size_t i = 0; i < kBuckets; ++i) counts[i] += other.counts[i];
}

std::uint64_t Histogram::count() const noexcept {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

double Histogram::quantile(double q) const noexcept {
  const std::uint64_t total = count();
  if (total == 0) return 0;
  // 0.07 * 100 is a little over 7 in binary; without the tolerance the rank would be 8.
  const double exact_rank = q * static_cast<double>(total) * (1 - 4 * std::numeric_limits<double>::epsilon());
  const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::ceil(exact_rank)), 1, total);
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  while ((seen += counts[bucket]) < rank) ++bucket;
  return static_cast<double>(lower_bound(bucket)) + static_cast<double>(width(bucket) - 1) / 2;
}

}  // namespace ipcbench
