#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "results/model/record.h"

// What comparisons compare: the figures of one launch, all of them costs, so that more is worse.

namespace ipcbench {

enum class Metric : std::uint8_t { rtt_p50, rtt_mean, message_time, connect_time, cpu_time, switches, syscalls };
inline constexpr std::array kMetrics = {Metric::rtt_p50,  Metric::rtt_mean, Metric::message_time, Metric::connect_time,
                                        Metric::cpu_time, Metric::switches, Metric::syscalls};

// Its key in files: "rtt_p50_ns", "rtt_mean_ns", "message_ns", "connect_ns", "cpu_ns_per_op", "switches_per_op",
// "syscalls_per_op".
std::string_view name_of(Metric metric) noexcept;
std::optional<Metric> metric_named(std::string_view name) noexcept;
// For people: "RTT p50", "system calls".
std::string_view title_of(Metric metric) noexcept;
// Counts per op rather than ns.
bool is_count(Metric metric) noexcept;
// The smallest change that is ever called one, as a ratio: 2 % of a time, 1 % of a count.
double least_change(Metric metric) noexcept;

// Counts per op under this are compared as if they were this.
inline constexpr double kLeastCount = 0.001;

// One launch as comparisons see it. Absent: the launch has no such figure, or broke.
struct Sample {
  Status status = Status::ok;
  std::string reason;  // of a status that isn't ok
  std::optional<double> rtt_p50_ns, rtt_mean_ns, message_ns, connect_ns;
  std::optional<double> cpu_ns_per_op, switches_per_op, syscalls_per_op;
  std::optional<std::array<double, 2>> canary_ns;
  std::string limits_met = {};  // limits_text() of the launch
  bool calls_vary = false;      // system calls were counted, but depend on timing

  const std::optional<double>& value(Metric metric) const noexcept;
};

// Switches are all of both sides and a broker: on one CPU whether the waker or the woken goes on is the scheduler's
// choice, and only the sum stands still. System calls are there only of a launch that counted them, and if they don't
// depend on timing.
Sample sample_of(const LaunchRecord& launch);

}  // namespace ipcbench
