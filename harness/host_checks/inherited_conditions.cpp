#include "harness/host_checks/inherited_conditions.h"

#include <algorithm>
#include <array>

namespace ipcbench {
namespace {

// Checks of the process itself whose findings change measurements.
constexpr std::array<std::string_view, 15> kConditions{
    "tracer",      "seccomp",     "scheduling-policy", "nice",          "autogroup-nice",
    "cpu-clamp",   "core-cookie", "timer-slack",       "personality",   "address-randomisation",
    "speculation", "preloaded",   "huge-pages-off",    "memory-policy", "io-priority",
};

}  // namespace

std::span<const std::string_view> inherited_condition_ids() noexcept { return kConditions; }

std::string inherited_conditions(const std::vector<HostCheck>& checks) {
  std::string conditions;
  for (const std::string_view id : kConditions) {
    const auto check = std::find_if(checks.begin(), checks.end(), [&](const HostCheck& c) { return c.id == id; });
    if (check == checks.end() || check->severity == Severity::fine || check->value == "unknown") continue;
    conditions += (conditions.empty() ? "" : "; ") + check->id + ' ' + check->value;
  }
  return conditions.empty() ? "usual" : conditions;
}

}  // namespace ipcbench
