#include "scenarios/rate.h"

namespace ipcbench {

std::uint64_t OpenLoopSide::begin_block() noexcept {
  touch(stamps_);
  if (role_ == Role::producer && loop_.silence_ns == 0) {
    log_.planned_end = plan(stamps_, spec_.clock, Schedule(loop_, mix64(spec_.seed)));
    measure_pacer_alone();
  }
  enter_phase(log_.side(role_), Phase::scheduled);
  meet(log_, role_);
  // The first silence begins here, and gives the consumer time enough.
  return loop_.silence_ns != 0 ? spec_.clock.end() : soon();
}

// Rule 10: goes by a part of the schedule without sending, so that its CPU time can be told from that of messages.
void OpenLoopSide::measure_pacer_alone() noexcept {
  constexpr std::uint64_t kPart = 4;
  if (loop_.rate_per_s == 0 || loop_.pacing != Pacing::sleep) return;
  enter_phase(log_.side(role_), Phase::pacer_alone);
  const std::uint64_t ops = (spec_.block_ops + kPart - 1) / kPart;
  const std::uint64_t sleeps = pacer_.sleeps();
  log_.alone_before = resource_usage();
  const std::uint64_t begin = soon();
  std::uint64_t ready = 0;
  for (std::uint64_t i = 0; i < ops; ++i) {
    const std::uint64_t due = begin + stamps_.planned[static_cast<std::size_t>(i)];
    if (ready < due) pacer_.until(due);
    ready = spec_.clock.end();
  }
  log_.alone_after = resource_usage();
  log_.alone_sleeps = pacer_.sleeps() - sleeps;
}

std::uint64_t OpenLoopSide::soon() const noexcept {
  constexpr std::uint64_t kLeadNs = 1'000'000;
  return spec_.clock.end() + spec_.clock.to_ticks(kLeadNs);
}

}  // namespace ipcbench
