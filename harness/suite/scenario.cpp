#include "harness/suite/scenario.h"

#include <stdexcept>

namespace ipcbench {
namespace {

const std::vector<ScenarioInfo>& all_scenarios() {
  static const std::vector<ScenarioInfo> all = {
      {.scenario = Scenario::ping_pong,
       .summary = "a message there and one back, one at a time: round-trip time",
       .options = {{.name = kReplyOption,
                    .kind = OptionInfo::Kind::size,
                    .default_value = kSameSize,
                    .summary = "the size of the answers; same: as the messages"}}},
      {.scenario = Scenario::streaming, .summary = "messages one way, as fast as they go: throughput"},
      {.scenario = Scenario::setup,
       .summary = "channels made, connected and taken down, one at a time: what a connection costs"},
  };
  return all;
}

}  // namespace

const ScenarioInfo& scenario_info(Scenario scenario) {
  for (const ScenarioInfo& info : all_scenarios()) {
    if (info.scenario == scenario) return info;
  }
  throw std::logic_error("a scenario of the tests has no description");
}

}  // namespace ipcbench
