#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "results/model/record.h"

// Defines what comparisons compare: figures of one launch, all of them costs, so that more is worse.

namespace ipcbench {

enum class Metric : std::uint8_t {
  rtt_p50,
  rtt_mean,
  message_time,
  connect_time,
  load_p50,
  cpu_time,
  switches,
  syscalls
};
inline constexpr std::array kMetrics = {Metric::rtt_p50,  Metric::rtt_mean, Metric::message_time, Metric::connect_time,
                                        Metric::load_p50, Metric::cpu_time, Metric::switches,     Metric::syscalls};

// Returns its key in files: "rtt_p50_ns", "rtt_mean_ns", "message_ns", "connect_ns", "load_p50_ns",
// "cpu_ns_per_op", "switches_per_op", "syscalls_per_op".
std::string_view to_string(Metric metric) noexcept;
std::optional<Metric> parse_metric(std::string_view name) noexcept;
// Returns its name for people: "RTT p50", "system calls".
std::string_view title_of(Metric metric) noexcept;
// Returns whether it counts events per op rather than ns.
bool is_count(Metric metric) noexcept;
// Returns the smallest ratio that counts as a change: 2 % of a time, 1 % of a count.
double least_change(Metric metric) noexcept;

// Smaller counts per op are compared as this value.
inline constexpr double kLeastCount = 0.001;

// Holds one launch as comparisons see it. A figure is absent if the launch lacks it or failed.
struct LaunchMetrics {
  Status status = Status::ok;
  std::string reason;  // of a status that isn't ok
  std::optional<double> rtt_p50_ns, rtt_mean_ns, message_ns, connect_ns;
  std::optional<double> load_p50_ns;  // of an open loop: its service if a timer drives the sender, else its response
  std::optional<double> cpu_ns_per_op, switches_per_op, syscalls_per_op;
  std::optional<std::array<double, 2>> canary_ns;
  std::string limits_met = {};  // limits_text() of the launch
  bool calls_vary = false;      // system calls were counted but depend on timing

  const std::optional<double>& value(Metric metric) const noexcept;
};

// Extracts a sample. Switches are summed over both sides and a broker: on one CPU the scheduler chooses whether waker
// or woken goes on, and only the sum is stable. System calls are set only for a launch that counted them and if they
// don't depend on timing.
LaunchMetrics metrics_of(const LaunchRecord& launch);

}  // namespace ipcbench
