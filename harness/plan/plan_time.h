#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "harness/plan/plan.h"

// The time that a plan takes. What `plan` prints, what blocks are fitted to a budget by, and what a run says is left
// are sums of the same costs: those of a case, before and after its pilot, are cost_of()'s.

namespace ipcbench {

// A part of a run: how long it takes, and the bytes of the messages that it sends.
struct Cost {
  double ns = 0;
  double bytes = 0;
};

// What one case takes. Before its pilot, ops take what assumed_op_ns() says, and blocks as long as they are meant to,
// or as long as their fewest ops take.
struct CaseCost {
  Cost pilot;
  Cost launch;  // one of them
  Cost calls;   // the launch that counts system calls
};
CaseCost cost_of(const PlannedCase& planned, const Plan& plan);

// The ns that an op takes by what its transport does with a message of that size, and by the speed of the host. It is
// a guess for what no pilot has measured: docs/method.md, "How long a run takes".
double assumed_op_ns(const CaseSpec& spec, CpuPair cpus, PayloadMode payload, const HostSpeed& speed);

// What measuring the memory of its channel takes.
double channel_ns(const CaseSpec& spec, PayloadMode payload, const HostSpeed& speed);
// Cases of one answer have the same channel: the way of waiting and the placement change nothing of its memory.
std::string channel_of(CaseSpec spec);

// Longer than the slowest machine takes for so many ops of a case: what deadlines of launches without a pilot allow on
// top of what they allow to short messages.
std::chrono::nanoseconds longest_time(const CaseSpec& spec, std::uint64_t ops);
// That of a launch whose time per op nobody knows: a minute for short messages.
std::chrono::nanoseconds launch_deadline(const CaseSpec& spec, std::uint64_t block_ops, std::uint64_t warmup_ops);

struct PlanTime {
  std::chrono::nanoseconds total{};   // the reserve included
  std::chrono::nanoseconds fixed{};   // clock, noise, start and end
  std::chrono::nanoseconds floors{};  // before the first pass and after each
  std::chrono::nanoseconds pilot{};
  std::chrono::nanoseconds launches{};
  std::chrono::nanoseconds reserve{};                         // for canary states with too few launches
  std::chrono::nanoseconds calls{};                           // counting system calls
  std::chrono::nanoseconds memory{};                          // of channels
  double pilot_bytes = 0, launch_bytes = 0, calls_bytes = 0;  // of messages

  std::chrono::nanoseconds expected() const noexcept { return total - reserve; }
  double bytes() const noexcept { return pilot_bytes + launch_bytes + calls_bytes; }
};
PlanTime estimate(const Plan& plan);
// The most that a plan takes beyond that where its cases go on to the last look, and its budget, if it has one, allows.
std::chrono::nanoseconds longest_going_on(const Plan& plan);
// To be read: "640 B", "1.5 GiB".
std::string format_volume(double bytes);
// What measuring the floors once takes.
double floors_ns(const Plan& plan);

// No block is shortened any further.
inline constexpr std::chrono::nanoseconds kShortestBlock = std::chrono::milliseconds(5);
// Returns the longest block, up to `wanted`, with which something takes no longer than `budget`; or the shortest.
// `total_with`: the time that it takes with a block, which grows with it.
std::chrono::nanoseconds block_within(
    std::chrono::nanoseconds wanted, std::chrono::nanoseconds budget,
    const std::function<std::chrono::nanoseconds(std::chrono::nanoseconds)>& total_with);

// Shortens plan.block, down to 5 ms, until the plan fits its suite's budget (0: none), by the speed that is assumed of
// every host; notes what was done.
void fit_to_budget(Plan& plan);

// After the pilot pass: sets block_ops and warmup_ops of one case from its time per op (> 0). A block has at least 20
// ops, one for each slice; a warm-up at least 100.
void set_lengths(PlannedCase& planned, double op_ns, std::chrono::nanoseconds block);
// Rule 14: 5 ms of traffic and at least 100 ops, as a count from the pilot's time per op (> 0).
std::uint64_t warm_up_ops(double op_ns) noexcept;

// The largest 1-2-5 number <= n (n >= 1).
std::uint64_t round_1_2_5(double n) noexcept;

// The lengths of the launch that counts system calls, of a case with a pilot.
std::uint64_t counted_block_ops(const PlannedCase& planned) noexcept;
inline constexpr std::uint64_t kCountedWarmUpOps = 20;

}  // namespace ipcbench
