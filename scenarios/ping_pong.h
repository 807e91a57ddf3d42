#pragma once

#include "harness/process/call_counter.h"
#include "scenarios/injected.h"
#include "scenarios/lane.h"
#include "scenarios/pilot.h"

namespace ipcbench {

// ask() and answer() are the two sides of ping-pong: one message there and one back, never more than one under way. The
// producer asks and measures.
template <Port P>
IPCBENCH_LOOP bool ask(P& port, std::uint64_t count) noexcept {
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!port.put() || !port.take()) [[unlikely]]
      return false;
    delay_loop();
  }
  return true;
}
template <Port P>
IPCBENCH_LOOP bool answer(P& port, std::uint64_t count) noexcept {
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!port.take() || !port.put()) [[unlikely]]
      return false;
  }
  return true;
}
template <Port P>
bool round_trips(P& port, Role role, std::uint64_t count) noexcept {
  return role == Role::producer ? ask(port, count) : answer(port, count);
}

// Asks with a time stamp at each end of every round trip, into one histogram a slice. Between two round trips only the
// histogram is touched.
template <Port P>
IPCBENCH_LOOP bool stamped_round_trips(P& port, const LoopSpec& spec, RunLog& log) noexcept {
  const Clock clock = spec.clock;
  const std::uint64_t origin = clock.begin();
  std::uint64_t sum_ns = 0, max_ns = 0, max_end = origin;
  std::uint64_t done = 0;
  for (std::size_t slice = 0; slice < kSlices; ++slice) {
    Histogram& histogram = log.slices[slice];
    for (const std::uint64_t last = slice_end(spec.block_ops, slice); done < last; ++done) {
      const std::uint64_t begin = clock.begin();
      if (!port.put() || !port.take()) [[unlikely]]
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

template <Port P>
void run_ping_pong(P& port, Role role, const LoopSpec& spec, RunLog& log) noexcept {
  SideLog& side = log.side(role);
  const auto block = [&](std::uint64_t ops) noexcept {
    if (role == Role::consumer) return round_trips(port, role, ops);
    log.block_begin = spec.clock.begin();
    const bool good = round_trips(port, role, ops);
    log.block_end = spec.clock.end();
    return good;
  };
  if (spec.pilot_ns != 0) return run_pilot(role, spec, log, block);

  enter_phase(side, Phase::warm_up);
  if (!round_trips(port, role, spec.warmup_ops)) return;

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
  if (watches_broker) log.broker_before = sample_process(spec.broker);
  side.before = sample_usage();
  if (!block(spec.block_ops)) return;
  side.after = sample_usage();
  if (watches_broker) log.broker_after = sample_process(spec.broker);
  if (role == Role::producer) log.block_ops_done = log.block_ops_sent = spec.block_ops;

  enter_phase(side, Phase::stamped);
  const bool good =
      role == Role::producer ? stamped_round_trips(port, spec, log) : round_trips(port, role, spec.block_ops);
  if (good) side.last_cpu = sample_usage().cpu;
}

}  // namespace ipcbench
