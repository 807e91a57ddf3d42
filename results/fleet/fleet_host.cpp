#include "results/fleet/fleet_host.h"

#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "results/compare/comparability.h"
#include "results/figures/launch_figures.h"
#include "results/figures/statistics.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

std::string attribute_text(const AttributeValue& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::monostate>) {
          return "not known";
        } else if constexpr (std::is_same_v<Held, std::vector<std::string>>) {
          return fmt::format("{}", fmt::join(held, ", "));
        } else {
          return fmt::format("{}", held);
        }
      },
      value);
}

class Provenance {
 public:
  void add(std::string key, std::string value) { all_.emplace_back(std::move(key), std::move(value)); }
  void add_known(std::string_view key, const std::string& value) {
    if (!value.empty()) add(std::string(key), value);
  }
  void add_all(std::string_view group, const Attributes& attributes) {
    for (const auto& [key, value] : attributes) {
      if (key != "hostname" && key != "host_id") add(fmt::format("{}.{}", group, key), attribute_text(value));
    }
  }
  // A finding without a value is there or not.
  void add_all(std::string_view group, const std::vector<HostCheck>& checks) {
    for (const HostCheck& check : checks)
      add(fmt::format("{}.{}", group, check.id), check.value.empty() ? "found" : check.value);
  }
  std::vector<std::pair<std::string, std::string>> take() && { return std::move(all_); }

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

std::vector<std::pair<std::string, std::string>> provenance_of(const Result& result) {
  Provenance provenance;
  provenance.add_known("machine.kernel", result.machine.kernel);
  provenance.add_all("machine.details", result.machine.details);
  provenance.add_all("machine.mitigations", result.machine.mitigations);
  provenance.add_all("machine.limits", result.machine.limits);
  provenance.add_all("machine.idle", result.machine.idle);
  provenance.add_all("machine.checks", result.machine.checks);
  provenance.add_known("clock.kind", result.clock.kind);
  provenance.add_known("tool.version", result.build.version);
  provenance.add_known("tool.git", result.build.git);
  provenance.add_known("tool.compiler", result.build.compiler);
  provenance.add_known("tool.flags", result.build.flags);
  provenance.add_known("tool.build_type", result.build.build_type);
  if (result.block_ns) provenance.add("block_ns", fmt::format("{:.3g}", *result.block_ns));
  return std::move(provenance).take();
}

}  // namespace

std::vector<double> op_times(const CaseRecord& c) {
  std::vector<double> times;
  for (const LaunchRecord& launch : c.launches) {
    const std::optional<double> ns = launch.used ? op_ns(launch) : std::nullopt;
    if (ns && std::isfinite(*ns) && *ns > 0) times.push_back(*ns);
  }
  return times;
}

FleetHost fleet_host(const Result& result, std::string file) {
  const Conditions conditions = conditions_of(result);
  FleetHost host{.file = std::move(file),
                 .run = fmt::format("{} {} {}", result.run_id, result.started, result.seed),
                 .machine_class = conditions.machine_class.value_or("not known"),
                 .conditions = unusual_text(conditions),
                 .provenance = provenance_of(result)};
  for (const auto& [key, value] : result.machine.details) {
    if (key == "hostname" && std::holds_alternative<std::string>(value)) host.name = std::get<std::string>(value);
  }
  std::map<std::string, std::pair<PlacementName, std::vector<double>>> canaries;
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::ok || is_limited(c)) continue;
    const std::vector<double> ops_ns = op_times(c);
    if (ops_ns.empty()) continue;
    host.cases.push_back({c.id, c.placement, median(ops_ns)});
    for (const LaunchRecord& launch : c.launches) {
      if (!launch.used || !launch.canary_ns) continue;
      auto& [placement, times] = canaries[std::string(c.placement.name())];
      placement = c.placement;
      times.insert(times.end(), launch.canary_ns->begin(), launch.canary_ns->end());
    }
  }
  for (const auto& [name, of] : canaries) host.canaries.emplace_back(of.first, median(of.second));
  return host;
}

}  // namespace ipcbench
