#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "harness/host/topology.h"
#include "harness/plan/planned_case.h"

namespace ipcbench {

// Says how fast a host copies bytes and wakes processes, to estimate the time of messages before their pilot. The
// defaults apply where nothing was measured. They also apply whenever blocks are fitted to a budget, so that a suite
// always has the same blocks.
struct HostSpeed {
  double near_copy_ns_per_byte = 0.03;  // memcpy of kNearCopy bytes
  double far_copy_ns_per_byte = 0.12;   // memcpy of kFarCopy bytes, which exceed the caches
  std::map<Placement, double> wake_ns;  // round trip of two processes that wake each other

  // Returns the ns per byte of a memcpy of `size` bytes, interpolated by the size's logarithm.
  double copy_ns_per_byte(std::size_t size) const noexcept;
  // Returns the measured time; else 5 us on one CPU and 50 us between two, which virtual machines may need.
  double wake_rtt_ns(Placement placement, CpuPair cpus) const noexcept;
};

inline constexpr std::size_t kNearCopy = std::size_t{1} << 20;
inline constexpr std::size_t kFarCopy = std::size_t{32} << 20;
// Below this size, the bytes of a message take little time compared with a block.
inline constexpr std::size_t kLargeMessage = std::size_t{256} << 10;

// Measures what the plan's large messages depend on. It takes 0.1 s for each placement that has any, and nothing
// otherwise. What the host refuses keeps its default. Forks short-lived helpers.
HostSpeed measure_host_speed(const std::vector<PlannedCase>& cases);

}  // namespace ipcbench
