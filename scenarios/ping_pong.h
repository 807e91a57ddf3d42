#pragma once

#include "harness/process/call_counter.h"
#include "scenarios/injected.h"
#include "scenarios/lane.h"
#include "scenarios/list/scenario.h"
#include "scenarios/pilot.h"

namespace ipcbench {

template <class A>
concept Answers = requires(A answers, std::uint64_t ops) {
  { answers(ops) } noexcept -> std::same_as<bool>;
};

// ask() and answer() are the two sides of ping-pong: one message there and one back, never more than one under way. The
// producer asks and measures.
template <Lane L>
IPCBENCH_LOOP bool ask(L& lane, std::uint64_t count) noexcept {
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!lane.put() || !lane.take()) [[unlikely]]
      return false;
    delay_loop();
  }
  return true;
}
template <Lane L>
IPCBENCH_LOOP bool answer(L& lane, std::uint64_t count) noexcept {
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!lane.take() || !lane.put()) [[unlikely]]
      return false;
  }
  return true;
}
// Asks with a time stamp at each end of every round trip, into one histogram a slice. Between two round trips only the
// histogram is touched.
template <Lane L>
IPCBENCH_LOOP bool stamped_round_trips(L& lane, const LoopSpec& spec, RunLog& log) noexcept {
  const Clock clock = spec.clock;
  const std::uint64_t origin = clock.begin();
  std::uint64_t sum_ns = 0, max_ns = 0, max_end = origin;
  std::uint64_t done = 0;
  for (std::size_t slice = 0; slice < kSlices; ++slice) {
    Histogram& histogram = log.slices[slice];
    for (const std::uint64_t last = slice_end(spec.block_ops, slice); done < last; ++done) {
      const std::uint64_t begin = clock.begin();
      if (!lane.put() || !lane.take()) [[unlikely]]
        return false;
      delay_loop();
      const std::uint64_t end = clock.end();
      const std::uint64_t ns = clock.to_ns(end - begin);
      histogram.record(ns);
      sum_ns += ns;
      if (ns > max_ns) [[unlikely]] {
        max_ns = ns;
        max_end = end;
      }
    }
  }
  log.stamped_sum_ns = sum_ns;
  log.stamped_max_ns = max_ns;
  log.stamped_max_at_ns = clock.to_ns(max_end - origin);
  return true;
}

// Runs one side of a scenario of round trips. answers(ops) is the consumer's side of `ops` of them: it takes a message
// and puts the answer, and returns false if the lane ends it.
template <Lane L, Answers A>
void run_round_trips(L& lane, Role role, const LoopSpec& spec, RunLog& log, A answers) noexcept {
  SideLog& side = log.side(role);
  const auto round_trips = [&](std::uint64_t ops) noexcept {
    return role == Role::producer ? ask(lane, ops) : answers(ops);
  };
  const auto block = [&](std::uint64_t ops) noexcept {
    if (role == Role::consumer) return round_trips(ops);
    log.block_begin = spec.clock.begin();
    const bool good = round_trips(ops);
    log.block_end = spec.clock.end();
    return good;
  };
  if (spec.pilot_ns != 0) return run_pilot(role, spec, log, block);

  enter_phase(side, Phase::warm_up);
  if (!round_trips(spec.warmup_ops)) return;

  if (spec.counts_calls) {
    enter_phase(side, Phase::counted);
    mark_calls();
    if (!block(spec.block_ops)) return;
    mark_calls();
    if (role == Role::producer) log.block_ops_done = log.block_ops_sent = spec.block_ops;
    return;
  }

  enter_phase(side, Phase::unstamped);
  const bool watches_broker = spec.broker != 0 && role == Role::producer;
  if (watches_broker) log.broker_before = process_usage(spec.broker);
  side.before = resource_usage();
  if (!block(spec.block_ops)) return;
  side.after = resource_usage();
  if (watches_broker) log.broker_after = process_usage(spec.broker);
  if (role == Role::producer) log.block_ops_done = log.block_ops_sent = spec.block_ops;

  enter_phase(side, Phase::stamped);
  // One more round trip, which isn't stamped, ends the block. A consumer that went on to its end behind the last answer
  // would keep a shared CPU from the producer, and that round trip would seem to take a millisecond.
  const bool good =
      role == Role::producer ? stamped_round_trips(lane, spec, log) && ask(lane, 1) : round_trips(spec.block_ops + 1);
  if (good) side.last_cpu = resource_usage().cpu;
}

template <Lane L>
void run_ping_pong(L& lane, Role role, const LoopSpec& spec, RunLog& log) noexcept {
  run_round_trips(lane, role, spec, log, [&](std::uint64_t ops) noexcept { return answer(lane, ops); });
}

struct PingPong {
  static constexpr Scenario kScenario = Scenario::ping_pong;
  static ScenarioInfo info() {
    return {.scenario = kScenario,
            .name = "ping-pong",
            .title = "Ping-pong: round trips",
            .summary = "a message there and one back, one at a time: round-trip time",
            .traffic = Traffic::round_trips,
            .options = {{.name = kReplyOption,
                         .kind = OptionInfo::Kind::size,
                         .default_value = kSameSize,
                         .summary = "the size of the answers; same: as the messages"}}};
  }
  template <AnyEndpoint E>
  static void run(E& endpoint, Role role, const LoopSpec& spec, RunLog& log) {
    LaneFor<E> lane(endpoint, role, spec, log);
    run_ping_pong(lane, role, spec, log);
  }
};

}  // namespace ipcbench
