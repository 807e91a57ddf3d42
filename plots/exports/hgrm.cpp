#include "plots/exports/hgrm.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <fmt/core.h>

#include "harness/measure/histogram.h"
#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr unsigned kTicksPerHalving = 5;
constexpr unsigned kMaxHalvings = 40;  // further halvings vanish in the rounding of doubles

// Returns the level of the n-th line: five equal steps to one half, five to three quarters, and so on; 1 at the end.
double level_of(unsigned n) {
  const unsigned halvings = n / kTicksPerHalving;
  if (halvings >= kMaxHalvings) return 1;
  const double left = std::exp2(-static_cast<double>(halvings));
  return 1 - left + left / 2 * (n % kTicksPerHalving) / kTicksPerHalving;
}

// Returns the largest value that the bucket holds.
double top_of(std::uint64_t lower_bound) {
  const std::uint64_t width = Histogram::width(Histogram::index_of(lower_bound));
  return static_cast<double>(lower_bound) + static_cast<double>(width - 1);
}

std::string percentile_lines(const SparseHistogram& histogram, std::uint64_t total) {
  std::string text;
  std::uint64_t seen = 0;
  unsigned line = 0;
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    seen += histogram.counts[i];
    const double value = top_of(histogram.values_ns[i]);
    const double reached = static_cast<double>(seen) / static_cast<double>(total);
    while (reached >= level_of(line) && level_of(line) < 1 && supports_quantile(total, level_of(line))) {
      const double level = level_of(line++);
      text += fmt::format("{:12.3f} {:2.12f} {:10} {:14.2f}\n", value, level, seen, 1 / (1 - level));
      if (seen == total) break;  // 100 % has its own line
    }
  }
  if (total > 0) text += fmt::format("{:12.3f} {:2.12f} {:10}\n", top_of(histogram.values_ns.back()), 1.0, total);
  return text;
}

}  // namespace

std::string to_hgrm(const CaseRecord& c) {
  const SparseHistogram histogram = pooled_histogram(c);
  const std::uint64_t total = count_of(histogram);
  double mean = 0;
  double variance = 0;
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    const double share = static_cast<double>(histogram.counts[i]) / static_cast<double>(total);
    mean += share * bucket_midpoint(histogram.values_ns[i]);
  }
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    const double share = static_cast<double>(histogram.counts[i]) / static_cast<double>(total);
    variance += share * std::pow(bucket_midpoint(histogram.values_ns[i]) - mean, 2);
  }
  const double max = total == 0 ? 0 : top_of(histogram.values_ns.back());
  const auto launches =
      std::count_if(c.launches.begin(), c.launches.end(), [](const LaunchRecord& l) { return l.used; });

  std::string text =
      fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
  text += percentile_lines(histogram, total);
  text += fmt::format("#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n", mean, std::sqrt(variance));
  text += fmt::format("#[Max     = {:12.3f}, Total count    = {:12}]\n", max, total);
  text += fmt::format("#[Buckets = {:12}, SubBuckets     = {:12}]\n",
                      Histogram::kMaxBits - Histogram::kPrecisionBits + 1, Histogram::kPerOctave);
  text += fmt::format("#[Pooled over {} launches of {}, {} in ns]\n", launches, printable(c.id),
                      c.summary.is_open_loop ? "responses" : "round trips");
  return text;
}

}  // namespace ipcbench
