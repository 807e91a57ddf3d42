#include "results/figures/metric.h"

#include <cstddef>

#include "results/figures/launch_figures.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

struct MetricEntry {
  std::string_view name;
  std::string_view title;
  std::optional<double> Sample::*value;
  bool is_count;
};

// In the order of Metric.
constexpr std::array<MetricEntry, kMetrics.size()> kEntries = {{
    {"rtt_p50_ns", "RTT p50", &Sample::rtt_p50_ns, false},
    {"rtt_mean_ns", "RTT mean", &Sample::rtt_mean_ns, false},
    {"message_ns", "time per message", &Sample::message_ns, false},
    {"connect_ns", "connect", &Sample::connect_ns, false},
    {"cpu_ns_per_op", "CPU/op", &Sample::cpu_ns_per_op, false},
    {"switches_per_op", "switches/op", &Sample::switches_per_op, true},
    {"syscalls_per_op", "system calls/op", &Sample::syscalls_per_op, true},
}};

constexpr double kLeastTimeChange = 0.02;
constexpr double kLeastCountChange = 0.01;

const MetricEntry& entry_of(Metric metric) noexcept { return kEntries[static_cast<std::size_t>(metric)]; }

}  // namespace

std::string_view name_of(Metric metric) noexcept { return entry_of(metric).name; }

std::optional<Metric> metric_named(std::string_view name) noexcept {
  for (const Metric metric : kMetrics) {
    if (name == name_of(metric)) return metric;
  }
  return std::nullopt;
}

std::string_view title_of(Metric metric) noexcept { return entry_of(metric).title; }
bool is_count(Metric metric) noexcept { return entry_of(metric).is_count; }
double least_change(Metric metric) noexcept { return is_count(metric) ? kLeastCountChange : kLeastTimeChange; }

const std::optional<double>& Sample::value(Metric metric) const noexcept { return this->*entry_of(metric).value; }

Sample sample_of(const LaunchRecord& launch) {
  Sample sample{.status = launch.status,
                .reason = launch.reason,
                .canary_ns = launch.canary_ns,
                .limits_met = limits_text(launch.limits_met)};
  if (launch.status != Status::ok) return sample;
  if (launch.calls) {
    sample.calls_vary = launch.calls->timing_dependent;
    if (!sample.calls_vary) {
      sample.syscalls_per_op = per_op(launch, static_cast<double>(launch.calls->done[0] + launch.calls->done[1]));
    }
    return sample;
  }
  if (launch.setup) {
    sample.connect_ns = launch.setup->connect_ns;
    return sample;
  }
  sample.rtt_p50_ns = supported_quantile(launch, 0.5);
  sample.rtt_mean_ns = launch.mean_ns;
  sample.message_ns = message_ns(launch);
  sample.cpu_ns_per_op = cpu_ns_per_op(launch);
  sample.switches_per_op = switches_per_op(launch);
  return sample;
}

}  // namespace ipcbench
