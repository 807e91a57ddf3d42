#include "harness/suite/case_names.h"

#include "harness/base/usage_error.h"
#include "harness/host/topology.h"
#include "harness/sdk/capabilities.h"
#include "harness/sdk/registry.h"
#include "harness/suite/workers.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

template <class Values>
std::vector<std::string> names_of(const Values& values) {
  std::vector<std::string> names;
  for (const auto value : values) names.emplace_back(to_string(value));
  return names;
}

}  // namespace

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const ScenarioInfo& info : offered_scenarios()) names.emplace_back(info.name);
  return names;
}

std::vector<std::string> transport_names() {
  std::vector<std::string> names;
  for (const RegisteredTransport& entry : registered_transports()) {
    const bool hidden = entry.transport != nullptr && entry.transport->info().hidden;
    if (!hidden) names.emplace_back(entry.name);
  }
  return names;
}

std::string transport_suggestion(std::string_view given) {
  return suggestion(given, transport_names()) + "; that of a plug-in needs --plugin FILE";
}

std::vector<std::string> wait_names() { return names_of(kWaitStrategies); }

std::vector<std::string> placement_names() { return names_of(kPlacements); }

std::vector<std::string> workers_names() { return names_of(kAllWorkers); }

}  // namespace ipcbench
