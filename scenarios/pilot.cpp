#include "scenarios/pilot.h"

#include <algorithm>

#include "scenarios/rendezvous.h"

namespace ipcbench {

void run_pilot(Role role, const LoopSpec& spec, RunLog& log, RunBatch run_batch) noexcept {
  constexpr std::uint64_t kFirst = 20;
  enter_phase(log.side(role), Phase::pilot);
  std::uint64_t ops = kFirst;
  while (true) {
    if (role == Role::producer) log.batch_ops = ops;
    meet(log, role);
    if (log.batch_ops == 0 || !run_batch(log.batch_ops)) return;
    meet(log, role);
    if (role == Role::consumer) continue;

    log.pilot_ops = ops;
    log.pilot_ticks = log.block_end - log.block_begin;
    const std::uint64_t ns = std::max<std::uint64_t>(spec.clock.to_ns(log.pilot_ticks), 1);
    // At least doubled, at most ten times as long: the first batches run cold and say little.
    ops = ns >= spec.pilot_ns ? 0 : ops * std::clamp<std::uint64_t>(2 * spec.pilot_ns / ns, 2, 10);
  }
}

}  // namespace ipcbench
