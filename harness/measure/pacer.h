#pragma once

#include <cstdint>
#include <optional>

#include "harness/measure/clock.h"
#include "harness/measure/timer.h"
#include "scenarios/list/open_loop.h"

namespace ipcbench {

// Pacer waits for the planned times of an open loop.
class Pacer {
 public:
  Pacer(Pacing pacing, const Clock& clock) noexcept : clock_(clock) {
    if (pacing == Pacing::sleep) no_slack_.emplace();
  }

  // Returns how often it has slept so far.
  std::uint64_t sleeps() const noexcept { return sleeps_; }

  // Waits until the clock reads `due` ticks. Returns the reading that ended the wait, at or after `due`.
  std::uint64_t until(std::uint64_t due) const noexcept {
    if (no_slack_) return sleep_until(due);
    std::uint64_t now;
    do {
      now = clock_.end();
    } while (now < due);
    return now;
  }

 private:
  // Sleeps by CLOCK_MONOTONIC. Each sleep is anchored anew, since that clock is slewed and the measuring one isn't.
  std::uint64_t sleep_until(std::uint64_t due) const noexcept;

  Clock clock_;
  mutable std::uint64_t sleeps_ = 0;
  std::optional<NoTimerSlack> no_slack_;  // of a pacer that sleeps
};

}  // namespace ipcbench
