#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/measure/run_log.h"
#include "harness/sdk/capabilities.h"

// Lists the scenarios that users can choose, and their options.

namespace ipcbench {

// The scenarios that are measured by default.
inline constexpr std::array kDefaultScenarios = {Scenario::ping_pong, Scenario::streaming};

struct ScenarioInfo {
  Scenario scenario;
  std::string_view summary;  // what the two processes do, one line
  // Options follow those of the transport's form and share the case id with them, so names must differ.
  std::vector<OptionInfo> options = {};
};

// The option of ping-pong that sets the size of answers, and its default, the size of the message.
inline constexpr std::string_view kReplyOption = "reply";
inline constexpr std::string_view kSameSize = "same";

// Describes one of kScenarios. Throws std::logic_error for the tests' scenarios.
const ScenarioInfo& scenario_info(Scenario scenario);

}  // namespace ipcbench
