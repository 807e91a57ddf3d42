#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/measure/run_log.h"
#include "harness/sdk/capabilities.h"

// The scenarios that are offered to users, and what each may be told.

namespace ipcbench {

inline constexpr std::array kScenarios = {Scenario::ping_pong, Scenario::streaming, Scenario::setup};
// Those that are measured where none are named.
inline constexpr std::array kDefaultScenarios = {Scenario::ping_pong, Scenario::streaming};

struct ScenarioInfo {
  Scenario scenario;
  std::string_view name;     // "ping-pong"
  std::string_view summary;  // what the two processes do, one line
  // Options are spelt like those of a transport and stand beside them in case ids: no name may be both.
  std::vector<OptionInfo> options = {};
};

// The option of ping-pong that sets the size of the answers, and its default: the size of the message.
inline constexpr std::string_view kReplyOption = "reply";
inline constexpr std::string_view kSameSize = "same";

// Describes one of kScenarios. Throws std::logic_error for those of the tests.
const ScenarioInfo& scenario_info(Scenario scenario);

std::string_view name_of(Scenario scenario) noexcept;  // "ping-pong"; "?" for those of the tests
std::optional<Scenario> scenario_named(std::string_view name) noexcept;

}  // namespace ipcbench
