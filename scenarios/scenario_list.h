#pragma once

#include <array>
#include <concepts>
#include <span>

#include "harness/sdk/endpoint.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {

// A ScenarioLoops has the loops of an offered scenario, and its description.
template <class S>
concept ScenarioLoops = requires {
  { S::kScenario } -> std::convertible_to<Scenario>;
  { S::info() } -> std::same_as<ScenarioInfo>;
  // and template <AnyEndpoint E> static void run(E& endpoint, Role role, const LoopSpec& spec, RunLog& log)
};

// A ScenarioWithCast has no loops over an endpoint: scenarios/casts.
template <class S>
concept ScenarioWithCast = ScenarioLoops<S> && requires { S::kHasCast; };

// ScenarioList makes the list of scenarios that users can choose, and instantiates their loops for an endpoint.
template <ScenarioLoops... S>
struct ScenarioList {
  static std::span<const ScenarioInfo> infos() noexcept {
    static const std::array all = {S::info()...};
    return all;
  }

  // Runs one side of `spec.scenario`. Returns false if it isn't in the list, or has a cast.
  template <AnyEndpoint E>
  static bool run(E& endpoint, Role role, const LoopSpec& spec, RunLog& log) {
    return (run_if<S>(endpoint, role, spec, log) || ...);
  }

 private:
  template <ScenarioLoops One, AnyEndpoint E>
  static bool run_if(E& endpoint, Role role, const LoopSpec& spec, RunLog& log) {
    if constexpr (ScenarioWithCast<One>) {
      return false;
    } else {
      if (spec.scenario != One::kScenario) return false;
      One::run(endpoint, role, spec, log);
      return true;
    }
  }
};

}  // namespace ipcbench
