#include <algorithm>
#include <variant>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "harness/os/affinity.h"
#include "harness/run/plan.h"

namespace ipcbench {
namespace {

bool spins(WaitStrategy wait) { return wait == WaitStrategy::spin || wait == WaitStrategy::hybrid; }

bool share_a_cpu(Placement placement, const Topology& topology) {
  return placement == Placement::same_cpu || (placement == Placement::unpinned && topology.cpus().size() == 1);
}

std::string wait_refusal(WaitStrategy wait, const TransportInfo& info) {
  if (std::find(info.waits.begin(), info.waits.end(), wait) != info.waits.end()) return "";
  std::vector<std::string_view> names;
  for (const WaitStrategy known : info.waits) names.push_back(name_of(known));
  return fmt::format("{} has no wait strategy '{}', only {}", info.name, name_of(wait), fmt::join(names, ", "));
}

}  // namespace

std::string refusal(const CaseSpec& spec, const Transport& transport, const Availability& host,
                    const Topology& topology, std::optional<CpuPair> cpus) {
  const TransportInfo& info = transport.info();
  if (const auto* unavailable = std::get_if<Unavailable>(&host)) return unavailable->reason;
  if (std::string reason = wait_refusal(spec.wait, info); !reason.empty()) return reason;
  const std::string_view no_form = spec.scenario == Scenario::streaming   ? info.no_streaming
                                   : spec.scenario == Scenario::ping_pong ? info.no_ping_pong
                                                                          : "";
  if (!no_form.empty()) return std::string(no_form);
  if (std::string reason = topology.missing_reason(spec.placement); !reason.empty() && !cpus) return reason;
  if (spec.placement != Placement::unpinned) {
    if (const std::string refused = pinning_refusal(); !refused.empty())
      return fmt::format("processes can't be pinned to CPUs: {}", refused);
  }
  if (spins(spec.wait) && share_a_cpu(spec.placement, topology)) {
    return fmt::format("{} on a shared CPU measures the scheduler's tick, not the mechanism", name_of(spec.wait));
  }
  if (std::string reason = size_refusal(info, std::get<Available>(host), spec.size); !reason.empty()) return reason;
  return transport.option_refusal(spec.wait, spec.size, option_values(spec, info));
}

}  // namespace ipcbench
