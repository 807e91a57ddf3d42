#pragma once

#include "harness/base/cpu_relax.h"
#include "scenarios/ping_pong.h"

namespace ipcbench {

// serve() is the consumer's side: it takes a message, works for `work_ns`, and answers.
template <Lane L>
IPCBENCH_LOOP bool serve(L& lane, std::uint64_t count, const Clock& clock, std::uint64_t work_ns) noexcept {
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!lane.take()) [[unlikely]]
      return false;
    const std::uint64_t begin = clock.begin();
    while (clock.to_ns(clock.end() - begin) < work_ns) cpu_relax();
    if (!lane.put()) [[unlikely]]
      return false;
  }
  return true;
}

// Served is a round trip to a server that has something to do.
struct Served {
  static constexpr auto kScenario = Scenario{100};
  static ScenarioInfo info() {
    return {.scenario = kScenario,
            .name = "served",
            .title = "Served: round trips with work",
            .summary = "a message there, some work, and one back: round-trip time of a busy server",
            .traffic = Traffic::round_trips,
            .by_default = false,
            .options = {{.name = "work",
                         .kind = OptionInfo::Kind::count,
                         .default_value = "1000",
                         .summary = "ns that the consumer works on each message"}}};
  }

  template <AnyEndpoint E>
  static void run(E& endpoint, Role role, const LoopSpec& spec, RunLog& log) {
    LaneFor<E> lane(endpoint, role, spec, log);
    const std::uint64_t work_ns = spec.options[0];
    run_round_trips(lane, role, spec, log,
                    [&](std::uint64_t ops) noexcept { return serve(lane, ops, spec.clock, work_ns); });
  }
};

}  // namespace ipcbench
