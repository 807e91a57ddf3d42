#include "harness/selftest/live_checks.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "results/figures/states.h"

namespace ipcbench {
namespace {

// Steal is counted in ticks, so that a tick or two of a short watch mean little.
constexpr double kNotedSteal = 0.001;
constexpr double kNoisySteal = 0.01;
constexpr double kRareState = 0.01;

const char* source_of_live_check(std::string_view id) {
  if (id == kClockCheck) return "choose_clock()";
  return id == kStealCheck ? "/proc/stat" : "run_canary()";
}

std::vector<double> inside(const std::vector<double>& values, const Interval& range) {
  std::vector<double> members;
  std::copy_if(values.begin(), values.end(), std::back_inserter(members),
               [&](double value) { return value >= range.low && value <= range.high; });
  return members;
}

double percent_of(std::size_t part, std::size_t all) {
  return 100 * static_cast<double>(part) / static_cast<double>(all);
}

}  // namespace

HostCheck not_measured(const char* id, std::string reason) {
  return {.id = id,
          .severity = Severity::note,
          .text = "not measured: " + std::move(reason),
          .source = source_of_live_check(id),
          .value = "unknown"};
}

HostCheck clock_check(const ClockChoice& choice) {
  const bool tsc = choice.clock.kind == ClockKind::tsc;
  HostCheck check{.id = kClockCheck,
                  .severity = tsc ? Severity::fine : Severity::note,
                  .text = choice.reason,
                  .source = source_of_live_check(kClockCheck),
                  .value = fmt::format("{}, {:.1f} ns a reading", tsc ? "tsc" : "monotonic_raw", choice.overhead_ns)};
  if (!choice.cross_cpu_ok) {
    check.severity = Severity::wrong;
    check.text += "; readings of different CPUs are out of order: throughput can't be trusted";
  }
  return check;
}

HostCheck steal_check(const SystemCounters& before, const SystemCounters& after, std::size_t cpus,
                      std::uint64_t elapsed_ns) {
  if (!before.steal_ns || !after.steal_ns) return not_measured(kStealCheck, "/proc/stat doesn't say");
  if (elapsed_ns == 0 || cpus == 0) return not_measured(kStealCheck, "no time passed");
  // The counter may go backwards when a virtual machine migrates to another host.
  const std::uint64_t stolen_ns = *after.steal_ns - std::min(*after.steal_ns, *before.steal_ns);
  const double ratio = static_cast<double>(stolen_ns) / (static_cast<double>(elapsed_ns) * static_cast<double>(cpus));
  const Severity severity = ratio > kNoisySteal   ? Severity::noisy
                            : ratio > kNotedSteal ? Severity::note
                                                  : Severity::fine;
  const bool fine = ratio <= kNotedSteal;
  return {.id = kStealCheck,
          .severity = severity,
          .text = fine ? "no other machine took CPU time"
                       : fmt::format("the hypervisor gave {:.1f} % of the CPUs' time to others", 100 * ratio),
          .source = source_of_live_check(kStealCheck),
          .value = fmt::format("{:.2f} %", 100 * ratio),
          .fix = fine ? "" : "measure at another hour, or on a machine type with dedicated CPUs"};
}

HostCheck canary_check(Placement placement, CpuPair cpus, const CanaryWatch& watch) {
  const std::string name(to_string(placement));
  const std::size_t all = watch.rtt_ns.size();
  const StateRecord clusters = cluster_canaries(placement, watch.rtt_ns);
  if (clusters.clusters_ns.empty()) return not_measured(kCanaryCheck, "stopped before the first canary");

  std::vector<double> kept;
  for (const auto& cluster : clusters.clusters_ns) {
    const std::vector<double> members = inside(watch.rtt_ns, cluster.second);
    if (static_cast<double>(members.size()) >= kRareState * static_cast<double>(all))
      kept.insert(kept.end(), members.begin(), members.end());
  }
  const StateRecord states = cluster_canaries(placement, kept);
  std::string value;
  for (const auto& [state, range] : states.clusters_ns) {
    value += fmt::format("{}{} {:.0f}-{:.0f} ns {:.1f} %", value.empty() ? "" : ", ", state, range.low, range.high,
                         percent_of(inside(kept, range).size(), all));
  }
  const bool one = states.clusters_ns.size() == 1;
  const bool disturbed = kept.size() < all;
  if (disturbed) value += fmt::format(", apart {:.1f} %", percent_of(all - kept.size(), all));
  std::string text = one ? fmt::format("CPUs {} and {} ({}) kept their distance over {} canaries", cpus.producer,
                                       cpus.consumer, name, kept.size())
                         : fmt::format(
                               "the distance of CPUs {} and {} ({}) has {} states, invisible to the system: "
                               "only launches of one state are compared",
                               cpus.producer, cpus.consumer, name, states.clusters_ns.size());
  if (disturbed)
    text += fmt::format("; {} of {} canaries lie far from the others, mostly because something else ran",
                        all - kept.size(), all);
  return {.id = kCanaryCheck,
          .severity = !one        ? Severity::noisy
                      : disturbed ? Severity::note
                                  : Severity::fine,
          .text = std::move(text),
          .source = source_of_live_check(kCanaryCheck),
          .value = std::move(value),
          .fix = one ? "" : "on the host of the virtual machine, pin each virtual CPU (virsh vcpupin)"};
}

}  // namespace ipcbench
