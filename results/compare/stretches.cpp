#include "results/compare/stretches.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>

#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

constexpr double kLaunchOverheadNs = 6e6;  // two forks, canaries, exits
constexpr std::size_t kMostRounds = 1'000'000;

bool is_timed(const LaunchPair& pair) { return !pair.counts && !pair.confirms; }

// Returns the mean seconds of a round, from the first timed pair to the last; 0 if the times aren't stored.
double seconds_by_times(const PairSession& session) {
  double first = std::numeric_limits<double>::infinity(), last = 0;
  int first_round = 0, last_round = 0;
  for (const LaunchPair& pair : session.pairs) {
    if (!is_timed(pair) || !pair.at_s) continue;
    if (*pair.at_s < first) {
      first = *pair.at_s;
      first_round = pair.round;
    }
    if (*pair.at_s >= last) {
      last = *pair.at_s;
      last_round = pair.round;
    }
  }
  if (last_round <= first_round || !(last > first)) return 0;
  return (last - first) / (static_cast<double>(last_round) - first_round);
}

double op_ns_of(const LaunchMetrics& launch_metrics) {
  // Round trips of several clients overlap, so that a server's time per answer counts.
  return launch_metrics.message_ns.value_or(launch_metrics.rtt_mean_ns.value_or(launch_metrics.rtt_p50_ns.value_or(0)));
}

// Estimates the seconds of a round from its launches' ops and the time that an op took.
double seconds_by_lengths(const PairSession& session) {
  std::map<std::string_view, std::vector<double>> op_ns;
  for (const LaunchPair& pair : session.pairs) {
    const double ns = is_timed(pair) ? op_ns_of(pair.base) : 0;
    if (std::isfinite(ns) && ns > 0) op_ns[pair.case_id].push_back(ns);
  }
  double round_ns = 0;
  for (const PairedCase& c : session.header.cases) {
    const auto found = op_ns.find(c.id);
    if (found == op_ns.end()) continue;
    const double blocks = timed_blocks(traffic_of(c.scenario));
    round_ns += 2 * (blocks * static_cast<double>(c.ops) * median(found->second) + kLaunchOverheadNs);
  }
  return round_ns / 1e9;
}

}  // namespace

std::size_t stretch_of(const PairSession& session) {
  const double by_times = seconds_by_times(session);
  const double round_s = by_times > 0 ? by_times : seconds_by_lengths(session);
  if (!(round_s > 0)) return 1;
  const double rounds = std::ceil(kLeastStretchSeconds / round_s);
  return static_cast<std::size_t>(std::clamp(rounds, 1.0, static_cast<double>(kMostRounds)));
}

Stretches::Stretches(std::size_t size, std::size_t length)
    : size_(size), length_(std::clamp<std::size_t>(length, 1, std::max<std::size_t>(size, 1))) {}

std::vector<std::size_t> Stretches::draw(std::size_t count, SplitMix64& random) const {
  std::vector<std::size_t> drawn;
  if (size_ == 0) return drawn;
  drawn.reserve(count);
  while (drawn.size() < count) {
    const std::size_t begin = random.below(size_);
    const std::size_t length = std::min(length_, count - drawn.size());
    for (std::size_t n = 0; n < length; ++n) drawn.push_back((begin + n) % size_);
  }
  return drawn;
}

}  // namespace ipcbench
