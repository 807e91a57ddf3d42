#include "harness/plan/plan_time.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "harness/measure/bytes.h"
#include "harness/plan/cast_lengths.h"
#include "harness/plan/channel_counts.h"
#include "harness/plan/open_loop_lengths.h"
#include "harness/plan/refusal.h"
#include "harness/sdk/registry.h"
#include "harness/suite/duration.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

// Costs of a launch besides its ops. They are rounded up from what small machines need, so that a run tends to end
// early.
constexpr nanoseconds kFixed = 1s;            // clock choice, noise, facts
constexpr nanoseconds kFloors = 20ms;         // per placement
constexpr nanoseconds kFloorsOfASize = 10ms;  // and per size, at least
constexpr nanoseconds kStart = 4ms;           // two forks, set-up, rendezvous, reaping
constexpr nanoseconds kChannel = 60us;        // of many between two seats: made, opened, taken down
constexpr nanoseconds kExec = 8ms;            // two executions of the program
constexpr nanoseconds kCanaries = 2ms;        // one before, one after, on two CPUs
constexpr nanoseconds kWarmUp = 5ms;
constexpr nanoseconds kPilotOfACase = 25ms;  // at least
constexpr double kPilotBatchOps = 20;        // and at least so many ops
constexpr double kPilotTrafficNs = 10e6;     // all batches of a pilot with short ops
constexpr nanoseconds kCallsOfACase = 85ms;
constexpr nanoseconds kMemoryOfAChannel = 700ms;
constexpr nanoseconds kQuiet = 60ms;  // the silence that ends a stream which may lose messages
constexpr double kCastPilots = 3;     // what all batches of a cast's pilot take, by the shortest of the last two
constexpr int kQuietPilots = 3;       // pilot batches that are long enough to lose messages
constexpr nanoseconds kBlockStep = 100us;
// Repeats for canary states get a fifth of the time of launches and repeats together.
constexpr int kLaunchesPerReserve = 4;

constexpr double kMinBlockOps = static_cast<double>(kSlices);  // an op for every slice
constexpr double kMinWarmUpOps = 100;
// Expected factor of rounding a length to 1-2-5, down and up, if its logarithm is uniformly distributed.
constexpr double kRoundedDown = 0.7;
constexpr double kRoundedUp = 1.5;

// Costs of a message's bytes. A copy through the kernel or a ring costs more than a memcpy in the innermost cache: it
// works by pages, and on another process's cache lines.
constexpr double kCopyNsPerByte = 0.07;      // on top of half a memcpy: what lies between stays in caches
constexpr double kFullNsPerByte = 0.1;       // to write and check every byte instead of a word per line
constexpr double kMemoryNsPerByte = 0.3;     // to get memory from the kernel, touch it, and give it back
constexpr double kCountedCallNs = 15'000;    // a call that is stopped twice
constexpr double kLeastMessageNs = 20;       // of what carries nothing, and waits for nobody
constexpr double kLockNs = 500;              // to take a lock and give it back
constexpr double kSpinWakeNs = 200;          // round trip of a cache line
constexpr double kSocketPiece = 400 * 1024;  // bytes that a socket moves at a time, its buffer and the reader's
constexpr double kChannelOfSetupNs = 1.2e6;
constexpr double kSlowestNsPerByte = 40;
constexpr int kSetupWarmUp = 2, kSetupPilot = 5;  // channels

// Limits of the launch that counts calls. A stream continues until its buffers have been full, but not beyond these.
constexpr std::uint64_t kCountedRoundTrips = 200;
constexpr std::uint64_t kCountedMessages = 2000;
constexpr std::uint64_t kCountedBytes = 32 << 20;

bool has_canary(const PlannedCase& planned) {
  return planned.cpus.producer >= 0 && planned.cpus.producer != planned.cpus.consumer;
}

// Properties of a case's transport with its options. A transport that this build lacks counts as a pipe; no plan runs
// it.
struct Traits {
  explicit Traits(const CaseSpec& spec) : transport(find_transport(spec.transport)) {
    if (transport == nullptr) return;
    const OptionValues options = option_values(spec, transport->info());
    can = transport->capabilities(options);
    copies = can.shape == Shape::loan ? 0 : transport->info().copies;
    memory = static_cast<double>(memory_need(spec, *transport).all);
    objects = static_cast<double>(transport->memory_needed(largest_sent(spec), options));
  }

  const Transport* transport;
  Capabilities can;
  double copies = 2;
  double memory = 0;   // bytes that a launch takes from the kernel
  double objects = 0;  // of which the session makes these
};

bool sends_nothing(const CaseSpec& spec) { return traffic_of(spec.scenario) == Traffic::none; }
bool is_one_way(const CaseSpec& spec) { return !has_answers(spec) && !sends_nothing(spec); }

bool ends_by_silence(const CaseSpec& spec, const Traits& traits) {
  return is_one_way(spec) && traits.transport != nullptr && !traits.can.reliable;
}

// Returns in how many pieces a message is transferred: one, or as many as the mechanism needs.
double pieces_of(const CaseSpec& spec, const Traits& traits) {
  if (traits.copies == 0) return 1;
  const double piece = traits.can.in_flight_bytes > 0 ? static_cast<double>(traits.can.in_flight_bytes) : kSocketPiece;
  return std::max(1.0, static_cast<double>(spec.size) / piece);
}

double payload_ns_per_byte(PayloadMode payload, double copy_ns_per_byte) {
  switch (payload) {
    case PayloadMode::header:
      return 0;
    case PayloadMode::full:
      return copy_ns_per_byte + kFullNsPerByte;
    case PayloadMode::lines:
      break;
  }
  return copy_ns_per_byte;  // the writer's lines are fetched and written back, the reader's fetched
}

double one_way_ns(const CaseSpec& spec, CpuPair cpus, PayloadMode payload, const HostSpeed& speed,
                  const Traits& traits) {
  const double copy = speed.copy_ns_per_byte(spec.size);
  const double bytes_ns = static_cast<double>(spec.size) *
                          (payload_ns_per_byte(payload, copy) + traits.copies * (kCopyNsPerByte + copy / 2));
  const bool apart = cpus.producer != cpus.consumer;
  const bool pipelined = is_one_way(spec) && apart &&
                         (traits.copies == 0 || traits.can.in_flight_bytes == 0);  // neither side waits for long
  if (pipelined) return std::max(bytes_ns, kLeastMessageNs);
  const bool spins = spec.wait == WaitStrategy::spin || spec.wait == WaitStrategy::hybrid;
  const double wake = spins ? kSpinWakeNs : speed.wake_rtt_ns(spec.placement, cpus);
  return bytes_ns + (pieces_of(spec, traits) - 0.5) * wake;
}

// Returns the case with messages of the answers' size.
CaseSpec answers_of(const CaseSpec& spec) {
  CaseSpec answers = spec;
  answers.size = reply_size(spec);
  return answers;
}

double op_ns_of(const CaseSpec& spec, CpuPair cpus, PayloadMode payload, const HostSpeed& speed, const Traits& traits) {
  if (sends_nothing(spec)) return kChannelOfSetupNs + traits.objects * kMemoryNsPerByte;
  if (const Cast cast = cast_of(spec); cast.pattern.is_lock())
    return kLockNs + static_cast<double>(cast.hold_ns + cast.think_ns / cast.pattern.producers);
  const double there = one_way_ns(spec, cpus, payload, speed, traits);
  return has_answers(spec) ? there + one_way_ns(answers_of(spec), cpus, payload, speed, traits) : there;
}

double bytes_per_op(const CaseSpec& spec) {
  if (sends_nothing(spec)) return 0;
  return static_cast<double>(spec.size) + (has_answers(spec) ? static_cast<double>(reply_size(spec)) : 0);
}

Cost pilot_of(const PlannedCase& planned, double op_ns, const Traits& traits, double start_ns) {
  if (sends_nothing(planned.spec)) {
    return {.ns = std::max(ns_of(kPilotOfACase), (kSetupWarmUp + kSetupPilot) * op_ns) + start_ns};
  }
  const double ops = std::max(kPilotBatchOps, kPilotTrafficNs / op_ns);
  Cost cost{.ns = std::max(ns_of(kPilotOfACase), kPilotBatchOps * op_ns) + start_ns,
            .bytes = ops * bytes_per_op(planned.spec)};
  if (op_ns * kPilotBatchOps >= kPilotTrafficNs / 2) cost.bytes = kPilotBatchOps * bytes_per_op(planned.spec);
  if (ends_by_silence(planned.spec, traits)) cost.ns += kQuietPilots * ns_of(kQuiet);
  if (has_cast(planned.spec)) cost.ns += kCastPilots * ns_of(shortest_cast_pilot(planned.spec, planned.seat_cpus));
  return cost;
}

double cast_block_ns(const PlannedCase& planned, nanoseconds block) {
  return ns_of(std::max(block, shortest_cast_block(planned.spec, planned.seat_cpus)));
}

Cost launch_of(const PlannedCase& planned, const PlannedCase& lengths, nanoseconds block, const Traits& traits,
               double start_ns) {
  const bool piloted = planned.block_ops > 0;
  const int blocks = timed_blocks(traffic_of(planned.spec.scenario));
  const bool sets_up = sends_nothing(planned.spec);
  const double warm_up_ops = sets_up ? kSetupWarmUp : static_cast<double>(lengths.warmup_ops);
  const double block_ops = static_cast<double>(lengths.block_ops);
  double block_ns = block_ops * lengths.op_ns;
  double warm_up_ns = warm_up_ops * lengths.op_ns;
  if (!piloted) {
    const double wanted = has_cast(planned.spec) ? cast_block_ns(planned, block) : kRoundedDown * ns_of(block);
    block_ns = std::max(wanted, kMinBlockOps * lengths.op_ns);
    if (!sets_up) warm_up_ns = std::max(kRoundedUp * ns_of(kWarmUp), kMinWarmUpOps * lengths.op_ns);
  }
  if (open_loop_of(planned.spec).is_paced()) block_ns = scheduled_ns(planned, lengths.block_ops, lengths.op_ns);
  Cost cost{.ns = start_ns + blocks * block_ns + warm_up_ns,
            .bytes = (blocks * block_ops + warm_up_ops) * bytes_per_op(planned.spec)};
  if (has_canary(planned)) cost.ns += ns_of(kCanaries);
  if (ends_by_silence(planned.spec, traits)) cost.ns += 2 * ns_of(kQuiet);  // the warm-up's and the block's
  return cost;
}

Cost calls_of(const PlannedCase& lengths, const Traits& traits, double start_ns) {
  const CaseSpec& spec = lengths.spec;
  if (sends_nothing(spec) || is_scheduled(spec) || has_cast(spec)) return {};
  const double ops = static_cast<double>(counted_block_ops(lengths) + kCountedWarmUpOps);
  const double pieces = pieces_of(spec, traits) + (has_answers(spec) ? pieces_of(answers_of(spec), traits) : 0);
  const double calls = 2 * pieces;
  return {.ns = std::max(ns_of(kCallsOfACase), start_ns + ops * (lengths.op_ns + calls * kCountedCallNs)),
          .bytes = ops * bytes_per_op(spec)};
}

// Returns the case that represents each channel: as in a run, the one with messages nearest to 64 bytes.
std::map<std::string, const PlannedCase*> channels_of(const Plan& plan) {
  const auto distance = [](std::size_t size) { return size > 64 ? size - 64 : 64 - size; };
  std::map<std::string, const PlannedCase*> channels;
  for (const PlannedCase& planned : plan.cases) {
    if (!planned.skip_reason.empty() || traffic_of(planned.spec.scenario) != Traffic::round_trips) continue;
    CaseSpec of_any_size = planned.spec;
    of_any_size.size = 0;
    const auto [found, fresh] = channels.try_emplace(channel_of(std::move(of_any_size)), &planned);
    if (!fresh && distance(planned.spec.size) < distance(found->second->spec.size)) found->second = &planned;
  }
  return channels;
}

}  // namespace

std::string channel_of(CaseSpec spec) {
  if (spec.wait != WaitStrategy::io_uring) spec.wait = WaitStrategy::block;
  spec.placement = Placement::same_cpu;
  return spec.id();
}

double assumed_op_ns(const CaseSpec& spec, CpuPair cpus, PayloadMode payload, const HostSpeed& speed) {
  return op_ns_of(spec, cpus, payload, speed, Traits(spec));
}

CaseCost cost_of(const PlannedCase& planned, const Plan& plan) {
  const Traits traits(planned.spec);
  // The ops of setup make their own channels and start their own workers.
  const bool sets_up = sends_nothing(planned.spec);
  const double executions_ns = planned.workers == Workers::exec ? ns_of(kExec) : 0;
  PlannedCase lengths = planned;
  if (planned.block_ops == 0) {
    const double op_ns = op_ns_of(planned.spec, planned.cpus, plan.payload, plan.speed, traits);
    set_lengths(lengths, op_ns + (sets_up ? executions_ns : 0), plan.block);
  }
  // Each pair of seats starts like a pair of workers.
  const double pairs = has_cast(planned.spec) ? static_cast<double>(cast_of(planned.spec).pattern.seats()) / 2 : 1;
  const double channels_ns = cast_of(planned.spec).channels * ns_of(kChannel);
  const double start_ns =
      pairs * ns_of(kStart) + channels_ns + (sets_up ? 0 : pairs * (executions_ns + traits.memory * kMemoryNsPerByte));
  return {.pilot = pilot_of(planned, lengths.op_ns, traits, start_ns),
          .launch = launch_of(planned, lengths, plan.block, traits, start_ns),
          .calls = calls_of(lengths, traits, start_ns)};
}

double channel_ns(const CaseSpec& spec, PayloadMode payload, const HostSpeed& speed) {
  const Traits traits(spec);
  const double channels = channels_measured(spec.size, static_cast<std::size_t>(traits.objects));
  const double buffers = (traits.memory - traits.objects) / 2;  // of the side that fills the channel
  const double message =
      static_cast<double>(spec.size) * payload_ns_per_byte(payload, speed.copy_ns_per_byte(spec.size));
  const double filled = traits.can.carries_payload ? message + buffers * kMemoryNsPerByte : 0;
  return ns_of(kMemoryOfAChannel) + channels * (filled + traits.objects * kMemoryNsPerByte);
}

nanoseconds longest_time(const CaseSpec& spec, std::uint64_t ops) {
  constexpr double kOfObjects = 10;  // making and touching a launch's memory takes at most as long as so many ops
  return whole_ns((static_cast<double>(ops) + kOfObjects) * static_cast<double>(largest_sent(spec)) *
                  kSlowestNsPerByte);
}

nanoseconds launch_deadline(const CaseSpec& spec, std::uint64_t block_ops, std::uint64_t warmup_ops) {
  constexpr int kMostBlocks = 2;
  const nanoseconds deadline = 60s + longest_time(spec, kMostBlocks * block_ops + warmup_ops);
  const OpenLoop loop = open_loop_of(spec);
  const double of_schedule = loop.rate_per_s != 0 ? 1e9 / static_cast<double>(loop.rate_per_s) : 0;
  const double gap_ns = std::max(of_schedule, static_cast<double>(loop.silence_ns));
  return deadline + whole_ns(2 * static_cast<double>(block_ops) * gap_ns);  // a part goes by without messages
}

double floors_ns(const Plan& plan) {
  std::map<Placement, CpuPair> placements;
  std::set<std::size_t> sizes;
  for (const PlannedCase& planned : plan.cases) {
    if (!planned.skip_reason.empty()) continue;
    if (planned.cpus.producer >= 0) placements.emplace(planned.spec.placement, planned.cpus);
    if (planned.spec.size >= kCacheLine) sizes.insert(planned.spec.size);
  }
  // For each size: six buffers are made, five are copied, and two dozen messages are written and checked.
  double of_sizes = 0;
  for (const std::size_t size : sizes) {
    of_sizes += std::max(ns_of(kFloorsOfASize),
                         static_cast<double>(size) * (7 * kMemoryNsPerByte + 29 * plan.speed.copy_ns_per_byte(size)));
  }
  double ns = 0;
  for (const auto& [placement, cpus] : placements) {
    constexpr double kRoundTrips = 1100;
    ns += ns_of(kFloors) + kRoundTrips * plan.speed.wake_rtt_ns(placement, cpus) + of_sizes;
  }
  return ns;
}

std::string format_volume(double bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (; bytes >= 1000 && unit + 1 < kUnits.size(); ++unit) bytes /= 1024;
  return fmt::format("{:.{}f} {}", bytes, unit > 0 && bytes < 10 ? 1 : 0, kUnits[unit]);
}

PlanTime estimate(const Plan& plan) {
  PlanTime time{.fixed = kFixed};
  double pilot = 0, launches = 0, repeatable = 0, calls = 0, memory = 0;
  for (const PlannedCase& planned : plan.cases) {
    if (!planned.skip_reason.empty()) continue;
    const CaseCost cost = cost_of(planned, plan);
    pilot += cost.pilot.ns;
    launches += plan.passes * cost.launch.ns;
    if (has_canary(planned)) repeatable += plan.passes * cost.launch.ns;
    calls += cost.calls.ns;
    time.pilot_bytes += cost.pilot.bytes;
    time.launch_bytes += plan.passes * cost.launch.bytes;
    time.calls_bytes += cost.calls.bytes;
  }
  for (const auto& [channel, planned] : channels_of(plan))
    memory += channel_ns(planned->spec, plan.payload, plan.speed);
  time.floors = whole_ns((plan.passes + 1) * floors_ns(plan));
  time.pilot = whole_ns(pilot);
  time.launches = whole_ns(launches);
  time.reserve = whole_ns(repeatable / kLaunchesPerReserve);
  time.calls = whole_ns(calls);
  time.memory = whole_ns(memory);
  time.total = time.fixed + time.floors + time.pilot + time.launches + time.reserve + time.calls + time.memory;
  return time;
}

nanoseconds longest_going_on(const Plan& plan) {
  if (plan.looks.size() < 2) return 0ns;
  double ns = static_cast<double>(plan.looks.size() - 1) * floors_ns(plan);
  for (const PlannedCase& planned : plan.cases) {
    if (planned.skip_reason.empty()) ns += (plan.looks.back() - plan.looks.front()) * cost_of(planned, plan).launch.ns;
  }
  if (plan.budget <= 0ns) return whole_ns(ns);
  return std::clamp(plan.budget - estimate(plan).expected(), 0ns, whole_ns(ns));
}

nanoseconds block_within(nanoseconds wanted, nanoseconds budget,
                         const std::function<nanoseconds(nanoseconds)>& total_with) {
  if (total_with(wanted) <= budget) return wanted;
  const nanoseconds shortest = std::min(kShortestBlock, wanted);
  // Finds the longest whole step that fits, or the shortest block.
  nanoseconds::rep fits = shortest / kBlockStep;
  for (nanoseconds::rep too_long = wanted / kBlockStep + 1; too_long - fits > 1;) {
    const nanoseconds::rep middle = fits + (too_long - fits) / 2;
    (total_with(middle * kBlockStep) <= budget ? fits : too_long) = middle;
  }
  return std::min(wanted, std::max<nanoseconds>(fits * kBlockStep, shortest));
}

void fit_to_budget(Plan& plan) {
  const nanoseconds budget = plan.suite.budget;
  if (budget <= 0ns) return;
  HostSpeed measured = std::exchange(plan.speed, HostSpeed{});
  const auto total_with = [&](nanoseconds block) {
    plan.block = block;
    return estimate(plan).total;
  };
  const nanoseconds wanted = plan.block;
  plan.block = block_within(wanted, budget, total_with);
  if (plan.block < wanted) {
    plan.notes.push_back(fmt::format("blocks shortened from {} to {} to fit {}", format_duration(wanted),
                                     format_duration(plan.block), format_duration(budget)));
  }
  const nanoseconds total = estimate(plan).total;
  if (total > budget) {
    plan.notes.push_back(
        fmt::format("takes about {}, over the budget of {}: {} launches a case don't fit with blocks of {}; select "
                    "fewer cases to stay within it",
                    format_duration(total), format_duration(budget), plan.passes, format_duration(plan.block)));
  }
  plan.speed = std::move(measured);
}

void set_lengths(PlannedCase& planned, double op_ns, nanoseconds block) {
  planned.op_ns = op_ns;
  if (is_scheduled(planned.spec)) {
    planned.block_ops = scheduled_ops(planned, op_ns, block);
  } else if (has_cast(planned.spec)) {
    planned.block_ops = round_up_1_2_5(std::max(kMinBlockOps, cast_block_ns(planned, block) / op_ns));
  } else {
    planned.block_ops = round_1_2_5(std::max(kMinBlockOps, ns_of(block) / op_ns));
  }
  planned.warmup_ops = warm_up_ops(op_ns);
}

std::uint64_t warm_up_ops(double op_ns) noexcept {
  return round_up_1_2_5(std::max(kMinWarmUpOps, ns_of(kWarmUp) / op_ns));
}

std::uint64_t counted_block_ops(const PlannedCase& planned) noexcept {
  const std::uint64_t most = has_answers(planned.spec) ? kCountedRoundTrips : kCountedMessages;
  const std::uint64_t fitting = kCountedBytes / std::max<std::uint64_t>(largest_sent(planned.spec), 1);
  return std::clamp<std::uint64_t>(std::min(most, fitting), kSlices,
                                   std::max<std::uint64_t>(planned.block_ops, kSlices));
}

}  // namespace ipcbench
