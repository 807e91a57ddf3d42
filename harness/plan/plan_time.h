#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "harness/plan/plan.h"
#include "harness/plan/round_1_2_5.h"

// Estimates the time of a plan. `plan`'s output, the fit of blocks to a budget, and a run's ETA are all sums of
// cost_of() over the cases, before and after their pilots.

namespace ipcbench {

// Holds the time of a part of a run, and the bytes of the messages that it sends.
struct Cost {
  double ns = 0;
  double bytes = 0;
};

// Holds the costs of one case. Before its pilot, an op takes assumed_op_ns(). A block takes its planned length, or
// longer if its fewest ops do.
struct CaseCost {
  Cost pilot;
  Cost launch;  // a single launch
  Cost calls;   // the launch that counts system calls
};
CaseCost cost_of(const PlannedCase& planned, const Plan& plan);

// Returns the assumed ns of an op, by what the transport does with a message of this size and by the host's speed. It
// is used until a pilot has measured it: docs/method.md, "How long a run takes".
double assumed_op_ns(const CaseSpec& spec, CpuPair cpus, PayloadMode payload, const HostSpeed& speed);

// Returns the time to measure the memory of a case's channel.
double channel_ns(const CaseSpec& spec, PayloadMode payload, const HostSpeed& speed);
// Returns a key of the channel, whose memory depends on neither wait nor placement, but that an io_uring is part of it.
// Cases with an equal key share one measurement.
std::string channel_of(CaseSpec spec);

// Returns an upper bound of the time of `ops` on the slowest machine. Deadlines of launches without a pilot add it to
// the time for short messages.
std::chrono::nanoseconds longest_time(const CaseSpec& spec, std::uint64_t ops);
// Returns the deadline of a launch whose op time is unknown: a minute for short messages.
std::chrono::nanoseconds launch_deadline(const CaseSpec& spec, std::uint64_t block_ops, std::uint64_t warmup_ops);

struct PlanTime {
  std::chrono::nanoseconds total{};   // includes the reserve
  std::chrono::nanoseconds fixed{};   // clock, noise, start and end
  std::chrono::nanoseconds floors{};  // before the first pass and after each
  std::chrono::nanoseconds pilot{};
  std::chrono::nanoseconds launches{};
  std::chrono::nanoseconds reserve{};  // repeats for cases with too few launches in a canary state
  std::chrono::nanoseconds calls{};    // counting system calls
  std::chrono::nanoseconds memory{};   // memory of channels
  double pilot_bytes = 0, launch_bytes = 0, calls_bytes = 0;  // bytes of messages

  std::chrono::nanoseconds expected() const noexcept { return total - reserve; }
  double bytes() const noexcept { return pilot_bytes + launch_bytes + calls_bytes; }
};
PlanTime estimate(const Plan& plan);
// Returns the longest additional time if cases go on to the last look, as far as the plan's budget allows.
std::chrono::nanoseconds longest_going_on(const Plan& plan);
// Formats bytes for people: "640 B", "1.5 GiB".
std::string format_volume(double bytes);
// Returns the time to measure the floors once.
double floors_ns(const Plan& plan);

// Blocks are never shortened below this.
inline constexpr std::chrono::nanoseconds kShortestBlock = std::chrono::milliseconds(5);
// Returns the longest block, up to `wanted`, whose total time is within `budget`; else the shortest block. `total_with`
// returns the total time for a block and must grow with it.
std::chrono::nanoseconds block_within(
    std::chrono::nanoseconds wanted, std::chrono::nanoseconds budget,
    const std::function<std::chrono::nanoseconds(std::chrono::nanoseconds)>& total_with);

// Shortens plan.block, down to 5 ms, until the plan fits its suite's budget (0: none). It assumes the default host
// speed and notes what it did.
void fit_to_budget(Plan& plan);

// Sets block_ops and warmup_ops from the pilot's time per op (> 0). A block has at least 20 ops, one for each slice; a
// warm-up at least 100.
void set_lengths(PlannedCase& planned, double op_ns, std::chrono::nanoseconds block);
// Rule 14: returns the ops of a warm-up of 5 ms, at least 100, by the pilot's time per op (> 0).
std::uint64_t warm_up_ops(double op_ns) noexcept;

// Lengths of the launch that counts system calls. The case must have had its pilot.
std::uint64_t counted_block_ops(const PlannedCase& planned) noexcept;
inline constexpr std::uint64_t kCountedWarmUpOps = 20;

}  // namespace ipcbench
