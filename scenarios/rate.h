#pragma once

#include "harness/measure/splitmix64.h"
#include "scenarios/by_schedule.h"
#include "scenarios/ping_pong.h"
#include "scenarios/streaming.h"

namespace ipcbench {

// Asks by the schedule: a message is sent when it is due, or as soon as the answer to the one before is back.
template <Lane L>
IPCBENCH_LOOP bool ask_by_schedule(L& lane, const Stamps& stamps, const Pacer& pacer, const Clock& clock,
                                   std::uint64_t begin) noexcept {
  std::uint64_t ready = 0;
  for (std::size_t i = 0; i < stamps.planned.size(); ++i) {
    const std::uint64_t due = begin + stamps.planned[i];
    stamps.sent[i] = ready < due ? pace(pacer, clock, due) : ready;
    if (!lane.put() || !lane.take()) [[unlikely]]
      return false;
    stamps.received[i] = stamps.ready[i] = ready = clock.end();
  }
  return true;
}

// Asks after silence: a message is sent `silence` ticks after the answer to the one before, or after the block's begin.
// Its planned time is stamped while the channel is idle.
template <Lane L>
IPCBENCH_LOOP bool ask_after_silence(L& lane, const Stamps& stamps, const Pacer& pacer, const Clock& clock,
                                     std::uint64_t begin, std::uint64_t silence) noexcept {
  std::uint64_t ready = begin;
  for (std::size_t i = 0; i < stamps.planned.size(); ++i) {
    const std::uint64_t due = ready + silence;
    stamps.planned[i] = due - begin;
    stamps.sent[i] = pace(pacer, clock, due);
    if (!lane.put() || !lane.take()) [[unlikely]]
      return false;
    stamps.received[i] = stamps.ready[i] = ready = clock.end();
  }
  return true;
}

// OpenLoopSide is what one side of an open loop does around its block: it touches the stamps, plans the times, and
// measures what the pacer alone takes.
class OpenLoopSide {
 public:
  OpenLoopSide(Role role, const LoopSpec& spec, RunLog& log) noexcept
      : role_(role),
        spec_(spec),
        log_(log),
        loop_(open_loop(spec.options)),
        stamps_(stamps_of(log, spec.block_ops)),
        pacer_(role == Role::producer ? loop_.pacing : Pacing::spin, spec.clock) {}

  const Stamps& stamps() const noexcept { return stamps_; }
  const Pacer& pacer() const noexcept { return pacer_; }
  const OpenLoop& loop() const noexcept { return loop_; }

  // Prepares the block and meets the other side. Returns the block's begin to the producer: a little later than now, so
  // that the consumer is waiting by then; before a silence, now.
  std::uint64_t begin_block() noexcept;

 private:
  Role role_;
  const LoopSpec& spec_;
  RunLog& log_;
  OpenLoop loop_;
  Stamps stamps_;
  Pacer pacer_;
};

// Runs `body(begin)` as the measured block and records the resource usage around it. Returns false if it fails.
template <class Body, class UsageAtEnd>
bool run_scheduled_block(OpenLoopSide& open, Role role, const LoopSpec& spec, RunLog& log, const Body& body,
                         const UsageAtEnd& usage_at_end) noexcept {
  SideLog& side = log.side(role);
  const std::uint64_t begin = open.begin_block();
  if (role == Role::producer) log.block_begin = begin;
  const bool has_broker = spec.broker != 0;
  if (has_broker && role == Role::producer) log.broker_before = process_usage(spec.broker);
  const std::uint64_t sleeps = open.pacer().sleeps();
  side.before = resource_usage();
  if (!body(begin)) return false;
  side.after = usage_at_end(side.before);
  if (role == Role::producer) log.pacer.block_sleeps = open.pacer().sleeps() - sleeps;
  if (has_broker && role == (spec.has_answers() ? Role::producer : Role::consumer))
    log.broker_after = process_usage(spec.broker);
  side.last_cpu = resource_usage().cpu;
  return true;
}

template <Flow F>
void run_scheduled_stream(F& flow, Role role, const LoopSpec& spec, RunLog& log) noexcept {
  if (spec.pilot_ns != 0 || spec.counts_calls) return run_stream(flow, role, spec, log);
  const bool sends = role == Role::producer;
  const auto settle = [&]() noexcept {
    meet(log, role);
    return sends || flow.settle(log);
  };
  enter_phase(log.side(role), Phase::warm_up);
  if (!(sends ? flow.send(spec.warmup_ops, log) : flow.receive(spec.warmup_ops, log)) || !settle()) return;

  OpenLoopSide open(role, spec, log);
  const auto block = [&](std::uint64_t begin) noexcept {
    if (!sends) return flow.receive_stamped(spec.block_ops, log, open.stamps().received.data());
    flow.begin_send();
    return send_by_schedule(flow, open.stamps(), open.pacer(), spec.clock, begin) && flow.finish_send(log);
  };
  const auto usage_at_end = [&](const ResourceUsage& before) noexcept { return flow.usage_at_end(before); };
  if (run_scheduled_block(open, role, spec, log, block, usage_at_end) && settle()) meet(log, role);
}

// answers(ops) is the consumer's side, as in run_round_trips().
template <Lane L, Answers A>
void run_scheduled_round_trips(L& lane, Role role, const LoopSpec& spec, RunLog& log, const A& answers) noexcept {
  if (spec.pilot_ns != 0 || spec.counts_calls) return run_round_trips(lane, role, spec, log, answers);
  const bool asks = role == Role::producer;
  enter_phase(log.side(role), Phase::warm_up);
  if (!(asks ? ask(lane, spec.warmup_ops) : answers(spec.warmup_ops))) return;

  // One more round trip, which isn't stamped, ends the block. A consumer that went on to its end behind the last answer
  // would keep a shared CPU from the producer, and that round trip would seem to take a millisecond.
  OpenLoopSide open(role, spec, log);
  const auto block = [&](std::uint64_t begin) noexcept {
    if (!asks) return answers(spec.block_ops + 1);
    const bool after_silence = open.loop().silence_ns != 0;
    const std::uint64_t silence = spec.clock.to_ticks(open.loop().silence_ns);
    const bool good = after_silence ? ask_after_silence(lane, open.stamps(), open.pacer(), spec.clock, begin, silence)
                                    : ask_by_schedule(lane, open.stamps(), open.pacer(), spec.clock, begin);
    if (!good) return false;
    log.block_end = open.stamps().received.back();
    if (after_silence) log.planned_end = log.block_end + silence - begin;
    log.block_ops_done = log.block_ops_sent = spec.block_ops;
    return ask(lane, 1);
  };
  const auto usage_at_end = [](const ResourceUsage&) noexcept { return resource_usage(); };
  run_scheduled_block(open, role, spec, log, block, usage_at_end);
}

// Rate sends at a given rate, whether or not the receiver keeps up.
struct Rate {
  static constexpr Scenario kScenario = Scenario::rate;
  static ScenarioInfo info() {
    return {.scenario = kScenario,
            .name = "rate",
            .title = "Rate: latency at a given load",
            .summary = "messages by a schedule, one way or answered: latency at a rate, and the highest rate",
            .traffic = Traffic::scheduled,
            .by_default = false,
            .options = open_loop_options()};
  }
  template <AnyEndpoint E>
  static void run(E& endpoint, Role role, const LoopSpec& spec, RunLog& log) {
    if (spec.has_answers()) {
      LaneFor<E> lane(endpoint, role, spec, log);
      return run_scheduled_round_trips(lane, role, spec, log,
                                       [&](std::uint64_t ops) noexcept { return answer(lane, ops); });
    }
    run_with_flow(endpoint, role, spec, log, [&](auto& flow) noexcept { run_scheduled_stream(flow, role, spec, log); });
  }
};

}  // namespace ipcbench
