#include "results/figures/metric.h"

#include <cstddef>

#include "results/figures/launch_figures.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

struct MetricEntry {
  std::string_view name;
  std::string_view title;
  std::optional<double> LaunchMetrics::*value;
  bool is_count;
};

// In the order of Metric.
constexpr std::array<MetricEntry, kMetrics.size()> kEntries = {{
    {"rtt_p50_ns", "RTT p50", &LaunchMetrics::rtt_p50_ns, false},
    {"rtt_mean_ns", "RTT mean", &LaunchMetrics::rtt_mean_ns, false},
    {"message_ns", "time per message", &LaunchMetrics::message_ns, false},
    {"connect_ns", "connect", &LaunchMetrics::connect_ns, false},
    {"load_p50_ns", "p50 at the rate", &LaunchMetrics::load_p50_ns, false},
    {"cpu_ns_per_op", "CPU/op", &LaunchMetrics::cpu_ns_per_op, false},
    {"switches_per_op", "switches/op", &LaunchMetrics::switches_per_op, true},
    {"syscalls_per_op", "system calls/op", &LaunchMetrics::syscalls_per_op, true},
}};

constexpr double kLeastTimeChange = 0.02;
constexpr double kLeastCountChange = 0.01;

// A rate that isn't sustained shows in the time per message: it has no latency.
std::optional<double> load_message_ns(const LoadRecord& load) {
  constexpr double kSecond = 1e9;
  return load.achieved_per_s > 0 ? std::optional(kSecond / load.achieved_per_s) : std::nullopt;
}

// Only a pacer that sleeps has a CPU time of its own.
std::optional<double> load_p50(const LoadRecord& load) {
  return supported_quantile(load.pacer_cpu_ns ? load.service : load.response, 0.5);
}

const MetricEntry& entry_of(Metric metric) noexcept { return kEntries[static_cast<std::size_t>(metric)]; }

}  // namespace

std::string_view to_string(Metric metric) noexcept { return entry_of(metric).name; }

std::optional<Metric> parse_metric(std::string_view name) noexcept {
  for (const Metric metric : kMetrics) {
    if (name == to_string(metric)) return metric;
  }
  return std::nullopt;
}

std::string_view title_of(Metric metric) noexcept { return entry_of(metric).title; }
bool is_count(Metric metric) noexcept { return entry_of(metric).is_count; }
double least_change(Metric metric) noexcept { return is_count(metric) ? kLeastCountChange : kLeastTimeChange; }

const std::optional<double>& LaunchMetrics::value(Metric metric) const noexcept {
  return this->*entry_of(metric).value;
}

LaunchMetrics metrics_of(const LaunchRecord& launch) {
  LaunchMetrics launch_metrics{.status = launch.status,
                               .reason = launch.reason,
                               .canary_ns = launch.canary_ns,
                               .limits_met = limits_text(launch.limits_met)};
  if (launch.status != Status::ok) return launch_metrics;
  if (launch.calls) {
    launch_metrics.calls_vary = launch.calls->timing_dependent;
    if (!launch_metrics.calls_vary) {
      launch_metrics.syscalls_per_op =
          per_op(launch, static_cast<double>(launch.calls->sides[0].done + launch.calls->sides[1].done));
    }
    return launch_metrics;
  }
  if (launch.setup) {
    launch_metrics.connect_ns = launch.setup->connect_ns;
    return launch_metrics;
  }
  launch_metrics.rtt_p50_ns = supported_quantile(launch, 0.5);
  launch_metrics.rtt_mean_ns = launch.mean_ns;
  launch_metrics.message_ns =
      launch.load && launch.load->offered_per_s ? load_message_ns(*launch.load) : message_ns(launch);
  if (launch.load) launch_metrics.load_p50_ns = load_p50(*launch.load);
  launch_metrics.cpu_ns_per_op = cpu_ns_per_op(launch);
  if (!launch.load) launch_metrics.switches_per_op = switches_per_op(launch);  // else the pacer's are among them
  return launch_metrics;
}

}  // namespace ipcbench
