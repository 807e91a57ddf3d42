#include "results/figures/launch_figures.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

using Value = std::optional<double>;

Value quotient(double part, double whole) {
  if (!(whole > 0) || !std::isfinite(part) || !std::isfinite(whole)) return std::nullopt;
  return part / whole;
}

Value rate(const LaunchRecord& launch, double amount) {
  if (!launch.block_ns) return std::nullopt;
  return quotient(amount * 1e9, *launch.block_ns);
}

double sum(const LaunchRecord& launch, std::uint64_t SideUsage::*field) {
  return static_cast<double>(launch.usage[0].*field) + static_cast<double>(launch.usage[1].*field);
}

// Adds up the switches of both workers and of a broker.
Value switches(const LaunchRecord& launch, std::uint64_t SideUsage::*of_side,
               std::optional<std::uint64_t> ProcessUsage::*of_broker) {
  const std::optional<std::uint64_t> broker = launch.broker ? *launch.broker.*of_broker : 0;
  if (!broker) return std::nullopt;
  return per_op(launch, sum(launch, of_side) + static_cast<double>(*broker));
}

// Returns the producers' values; nothing if one is missing.
std::vector<double> values_of_producers(const CastRecord& cast, Value SeatRecord::*value) {
  std::vector<double> values;
  for (const SeatRecord& seat : cast.seats) {
    if (seat.role != kProducerSeat) continue;
    if (!(seat.*value)) return {};
    values.push_back(*(seat.*value));
  }
  return values;
}

}  // namespace

Value per_op(const LaunchRecord& launch, double total) { return quotient(total, static_cast<double>(launch.verified)); }

Value op_ns(const LaunchRecord& launch) {
  if (launch.setup) return launch.setup->connect_ns;
  if (launch.load && launch.load->is_paced()) return quantile(launch.load->service, 0.5);
  if (launch.mean_ns) return launch.mean_ns;
  return message_ns(launch);
}

Value message_ns(const LaunchRecord& launch) {
  if (launch.load && launch.load->is_paced()) return std::nullopt;  // its schedule's, not the mechanism's
  return launch.block_ns ? per_op(launch, *launch.block_ns) : std::nullopt;
}

const SparseHistogram& times_of(const LaunchRecord& launch) noexcept {
  return launch.load ? launch.load->response : launch.histogram;
}

Value supported_quantile(const SparseHistogram& histogram, double q) {
  if (!supports_quantile(count_of(histogram), q)) return std::nullopt;
  return quantile(histogram, q);
}

Value supported_quantile(const LaunchRecord& launch, double q) { return supported_quantile(launch.histogram, q); }

Value ops_per_s(const LaunchRecord& launch) { return rate(launch, static_cast<double>(launch.verified)); }

Value bytes_per_s(const CaseRecord& c, const LaunchRecord& launch) {
  const auto bytes = static_cast<double>(launch.bytes_per_op > 0 ? launch.bytes_per_op : c.size);
  return rate(launch, static_cast<double>(launch.verified) * bytes);
}

Value missing_ratio(const LaunchRecord& launch) {
  const Value arrived = quotient(static_cast<double>(launch.verified), static_cast<double>(launch.sent));
  if (!arrived) return std::nullopt;
  return 1 - *arrived;
}

Value cpu_ns_per_op(const LaunchRecord& launch) {
  const Value broker = launch.broker ? launch.broker->cpu_ns : 0;
  if (!broker) return std::nullopt;
  const Value all = per_op(launch, launch.usage[0].cpu_ns + launch.usage[1].cpu_ns + *broker);
  if (!all || !launch.load || !launch.load->is_paced()) return all;
  // Rule 10: less what the pacer takes, which is unknown if it spins.
  const Value pacer = launch.load->pacer_cpu_ns;
  return pacer && *pacer < *all ? Value(*all - *pacer) : std::nullopt;
}

Value consumer_cpu_ns_per_op(const LaunchRecord& launch) {
  return launch.load ? per_op(launch, launch.usage[1].cpu_ns) : std::nullopt;
}

Value broker_cpu_ns_per_op(const LaunchRecord& launch) {
  if (!launch.broker || !launch.broker->cpu_ns) return std::nullopt;
  return per_op(launch, *launch.broker->cpu_ns);
}

Value voluntary_per_op(const LaunchRecord& launch) {
  return switches(launch, &SideUsage::voluntary, &ProcessUsage::voluntary);
}

Value involuntary_per_op(const LaunchRecord& launch) {
  return switches(launch, &SideUsage::involuntary, &ProcessUsage::involuntary);
}

Value switches_per_op(const LaunchRecord& launch) {
  const Value voluntary = voluntary_per_op(launch), involuntary = involuntary_per_op(launch);
  if (!voluntary || !involuntary) return std::nullopt;
  return *voluntary + *involuntary;
}

Value faults_per_op(const LaunchRecord& launch) {
  return per_op(launch, sum(launch, &SideUsage::minor_faults) + sum(launch, &SideUsage::major_faults));
}

Value duty(const LaunchRecord& launch, std::size_t side) {
  return quotient(launch.usage.at(side).cpu_ns, launch.usage.at(side).wall_ns);
}

Value handover_ratio(const LaunchRecord& launch) {
  if (!launch.lock) return std::nullopt;
  return quotient(static_cast<double>(launch.lock->handovers), static_cast<double>(launch.lock->turns));
}

Value largest_of_seats(const CastRecord& cast, Value SeatRecord::*value) {
  const std::vector<double> values = values_of_producers(cast, value);
  return values.empty() ? std::nullopt : Value(*std::ranges::max_element(values));
}

Value median_of_seats(const CastRecord& cast, Value SeatRecord::*value) {
  const std::vector<double> values = values_of_producers(cast, value);
  return values.empty() ? std::nullopt : Value(median(values));
}

}  // namespace ipcbench
