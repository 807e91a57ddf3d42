#include "harness/plan/host_speed.h"

#include <algorithm>
#include <cmath>
#include <exception>

#include "harness/floors/floors.h"

namespace ipcbench {
namespace {

constexpr double kSameCpuWakeNs = 5'000;
constexpr double kTwoCpusWakeNs = 50'000;

// Keeps the default if the measurement fails, as where pinning is forbidden.
template <class Measure>
void try_to_measure(double& value, Measure measure) {
  try {
    if (const double measured = measure(); measured > 0 && std::isfinite(measured)) value = measured;
  } catch (const std::exception&) {
  }
}

}  // namespace

double HostSpeed::copy_ns_per_byte(std::size_t size) const noexcept {
  const double near = std::log(kNearCopy), far = std::log(kFarCopy);
  const double at = std::clamp(std::log(static_cast<double>(std::max<std::size_t>(size, 1))), near, far);
  return near_copy_ns_per_byte + (far_copy_ns_per_byte - near_copy_ns_per_byte) * (at - near) / (far - near);
}

double HostSpeed::wake_rtt_ns(Placement placement, CpuPair cpus) const noexcept {
  if (const auto measured = wake_ns.find(placement); measured != wake_ns.end()) return measured->second;
  return cpus.producer >= 0 && cpus.producer == cpus.consumer ? kSameCpuWakeNs : kTwoCpusWakeNs;
}

HostSpeed measure_host_speed(const std::vector<PlannedCase>& cases) {
  HostSpeed speed;
  const Clock clock;
  std::map<Placement, CpuPair> placements;
  for (const PlannedCase& planned : cases) {
    if (!planned.skip_reason.empty() || planned.block_ops > 0 || largest_sent(planned.spec) < kLargeMessage) continue;
    placements.emplace(planned.spec.placement, planned.cpus);
  }
  if (placements.empty()) return speed;
  const auto copy = [&](std::size_t size) { return 1e9 / memcpy_bytes_per_s(clock, size); };
  try_to_measure(speed.near_copy_ns_per_byte, [&] { return copy(kNearCopy); });
  try_to_measure(speed.far_copy_ns_per_byte, [&] { return copy(kFarCopy); });
  for (const auto& [placement, cpus] : placements) {
    double wake_ns = 0;
    try_to_measure(wake_ns, [&, pair = cpus] { return futex_rtt_ns(clock, pair.producer, pair.consumer); });
    if (wake_ns > 0) speed.wake_ns.emplace(placement, wake_ns);
  }
  return speed;
}

}  // namespace ipcbench
