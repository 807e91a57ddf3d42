#include "results/compare/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/measure/splitmix64.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

double median_of_resample(std::span<const double> values, std::vector<double>& buffer, SplitMix64& random) {
  buffer.resize(values.size());
  for (double& value : buffer) value = values[random.below(values.size())];
  return median(buffer);
}

}  // namespace

Estimate bootstrap_difference(const BootstrapInput& input, double tail, std::uint64_t seed) {
  const auto middle = [](std::span<const double> values) { return values.empty() ? 0 : median(values); };
  Estimate result{
      .n = std::min(input.base.size(), input.head.size()),
      .median = middle(input.head) - middle(input.head_reference) - middle(input.base) + middle(input.base_reference)};
  if (result.n < kLeastForInterval) return result;
  SplitMix64 random(seed);
  std::vector<double> buffer, differences;
  const auto drawn = [&](std::span<const double> values) {
    return values.empty() ? 0 : median_of_resample(values, buffer, random);
  };
  for (int n = 0; n < input.resamples; ++n) {
    double difference = drawn(input.head);
    difference -= drawn(input.head_reference);
    difference -= drawn(input.base);
    difference += drawn(input.base_reference);
    differences.push_back(difference);
  }
  std::sort(differences.begin(), differences.end());
  const auto below = static_cast<std::size_t>(std::floor(tail * static_cast<double>(input.resamples)));
  result.interval = Interval{differences[below], differences[differences.size() - 1 - below]};
  return result;
}

}  // namespace ipcbench
