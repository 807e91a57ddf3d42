#pragma once

#include "harness/measure/run_log.h"
#include "harness/sdk/endpoint.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {

// Setup has no loop of its own: harness/launch/setup_launch.cpp makes, opens and takes down its channels.
struct Setup {
  static constexpr Scenario kScenario = Scenario::setup;
  static ScenarioInfo info() {
    return {.scenario = kScenario,
            .name = "setup",
            .title = "Set-up of a channel",
            .summary = "channels made, connected and taken down, one at a time: what a connection costs",
            .traffic = Traffic::none,
            .by_default = false};
  }
  template <AnyEndpoint E>
  static void run(E&, Role, const LoopSpec&, RunLog&) noexcept {}
};

}  // namespace ipcbench
