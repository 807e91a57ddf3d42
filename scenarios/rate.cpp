#include "scenarios/rate.h"

namespace ipcbench {

std::uint64_t OpenLoopSide::begin_block() noexcept {
  touch(stamps_);
  if (role_ == Role::producer && loop_.silence_ns == 0) {
    log_.planned_end = plan(stamps_, spec_.clock, Schedule(loop_, mix64(spec_.seed)));
    if (loop_.rate_per_s != 0 && loop_.pacing == Pacing::sleep) {
      enter_phase(log_.side(role_), Phase::pacer_alone);
      measure_pacer_alone(pacer_, spec_.clock, stamps_.planned, log_.pacer);
    }
  }
  enter_phase(log_.side(role_), Phase::scheduled);
  meet(log_, role_);
  // The first silence begins here, and gives the consumer time enough.
  return loop_.silence_ns != 0 ? spec_.clock.end() : soon(spec_.clock, kLeadNs);
}

}  // namespace ipcbench
