#include "scenarios/list/scenario.h"

#include <algorithm>
#include <stdexcept>

namespace ipcbench {
namespace {

const ScenarioInfo* find(Scenario scenario) noexcept {
  const auto all = offered_scenarios();
  const auto found = std::ranges::find(all, scenario, &ScenarioInfo::scenario);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

const ScenarioInfo& scenario_info(Scenario scenario) {
  if (const ScenarioInfo* info = find(scenario)) return *info;
  throw std::logic_error("a hidden scenario has no description");
}

const ScenarioInfo* find_scenario(std::string_view name) noexcept {
  const auto all = offered_scenarios();
  const auto found = std::ranges::find(all, name, &ScenarioInfo::name);
  return found == all.end() ? nullptr : &*found;
}

std::string_view to_string(Scenario scenario) noexcept {
  const ScenarioInfo* info = find(scenario);
  return info == nullptr ? "?" : info->name;
}

std::optional<Scenario> parse_scenario(std::string_view name) noexcept {
  const ScenarioInfo* info = find_scenario(name);
  return info == nullptr ? std::nullopt : std::optional(info->scenario);
}

std::optional<Traffic> traffic_of(Scenario scenario) noexcept {
  const ScenarioInfo* info = find(scenario);
  return info == nullptr ? std::nullopt : std::optional(info->traffic);
}

std::optional<Traffic> traffic_of(std::string_view name) noexcept {
  const ScenarioInfo* info = find_scenario(name);
  return info == nullptr ? std::nullopt : std::optional(info->traffic);
}

Cast cast_of(Scenario scenario, std::span<const std::uint64_t> numbers) {
  const ScenarioInfo& info = scenario_info(scenario);
  Cast cast = cast_of(info.options, numbers);
  cast.has_answers = info.traffic == Traffic::served;
  if (info.traffic == Traffic::turns) cast.pattern.consumers = 0;
  return cast;
}

}  // namespace ipcbench
