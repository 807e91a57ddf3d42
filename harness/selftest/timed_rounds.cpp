#include "harness/selftest/timed_rounds.h"

#include <poll.h>

#include <algorithm>
#include <utility>

namespace ipcbench {
namespace {

bool waits(const TimedRounds& one) { return !one.check.decided(); }

std::size_t launches_until_next_look(const std::vector<TimedRounds>& timed, std::size_t round) {
  const auto look = std::find_if(kLooks.begin(), kLooks.end(), [&](std::size_t at) { return at > round; });
  std::size_t each = 0;
  for (const TimedRounds& one : timed) each += waits(one) ? one.launches : 0;
  return look == kLooks.end() ? 0 : each * (*look - round);
}

// Waits; a signal ends it early.
void pause_for(std::chrono::nanoseconds left) {
  ::poll(nullptr, 0, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count()));
}

}  // namespace

void check_by_turns(std::vector<TimedRounds>& timed, std::chrono::nanoseconds budget, TestLaunches& launches) {
  using SteadyTime = std::chrono::steady_clock;
  const auto begin = SteadyTime::now();
  for (std::size_t round = 0; !launches.stopped() && std::ranges::any_of(timed, waits); ++round) {
    if (SteadyTime::now() - begin > budget) return;
    launches.plan(launches_until_next_look(timed, round));
    pause_for(wait_before_round(round, SteadyTime::now() - begin));
    for (TimedRounds& one : timed) {
      if (launches.stopped() || !waits(one)) continue;
      std::string broken;
      const std::optional<std::vector<double>> readings = one.read(broken);
      if (launches.stopped()) break;
      if (readings) {
        one.check.add(*readings);
      } else if (!broken.empty()) {
        one.check.fail(std::move(broken));
      }
    }
  }
}

}  // namespace ipcbench
