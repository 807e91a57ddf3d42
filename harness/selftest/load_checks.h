#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/launch/worker_stops.h"
#include "harness/selftest/timed_check.h"
#include "results/model/record.h"

// Says what an open loop must show of a side that was stopped, and reads it from the launch's record: docs/method.md,
// rule 28. The model is Gil Tene's experiment against coordinated omission, in which a server is stopped by Ctrl-Z.

namespace ipcbench {

enum class StoppedSide : std::uint8_t {
  sender,    // one way: it sends late what was due meanwhile
  answerer,  // round trips: one message is under way, the others wait for it
  receiver,  // one way: some messages wait in the channel, the others with the sender
};

// StalledLoad is what is known of a launch beside its record.
struct StalledLoad {
  double rate_per_s = 0;
  double saturation_per_s = 0;  // at which the backlog drains
  double channel_holds = 0;     // messages
  double stop_ns = 0;
};

// Returns the figures that stalled_readings() reads, as multiples of what must be seen. What is too large is missed
// only if it is so by more than half of the stop, since noise adds to all of them.
std::vector<TimedFigure> stalled_figures(StoppedSide side);
// Says the same in words.
const char* expected_of_stalled(StoppedSide side) noexcept;
// Returns a reading of each figure; none if they mean nothing. That is so if the load counts as overloaded, which a
// stop of a tenth of a block isn't, or if the rate is over half of the saturation, so that the backlog hardly drains.
std::optional<std::vector<double>> stalled_readings(StoppedSide side, const LoadRecord& load, const StalledLoad& known);

// Returns how many values exceed `ns`; those of the bucket that holds it count in part.
double count_over(const SparseHistogram& histogram, double ns) noexcept;

// Returns the Kolmogorov-Smirnov distance of gaps from the exponential distribution of a mean, times the root of their
// number. That of true gaps exceeds 1.95 once in a thousand.
double exponential_distance(std::vector<double> gaps_ns, double mean_ns);
// Returns the gaps between neighbouring messages both of which were sent under 1 us after they were due: what happened
// to the others says nothing of the pacer.
std::vector<double> gaps_in_time(std::span<const std::uint64_t> planned_ns, std::span<const std::uint64_t> sent_ns);

}  // namespace ipcbench
