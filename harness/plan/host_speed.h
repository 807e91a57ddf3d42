#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "harness/host/topology.h"
#include "harness/plan/planned_case.h"

namespace ipcbench {

// How fast a host copies bytes, and wakes processes: the time that messages take is estimated from it until a pilot has
// measured it. The defaults are assumed where nothing was measured, and whenever blocks are fitted to a budget: so a
// suite has the same blocks, whatever its machine does at the moment.
struct HostSpeed {
  double near_copy_ns_per_byte = 0.03;  // memcpy of kNearCopy bytes
  double far_copy_ns_per_byte = 0.12;   // of kFarCopy bytes, which no cache holds
  std::map<Placement, double> wake_ns;  // two processes wake each other, there and back

  // The ns of a byte in a memcpy of `size` bytes: between the two above by the size's logarithm.
  double copy_ns_per_byte(std::size_t size) const noexcept;
  // As measured; else 5 us on one CPU and 50 us between two, which is what virtual machines may need.
  double wake_rtt_ns(Placement placement, CpuPair cpus) const noexcept;
};

inline constexpr std::size_t kNearCopy = std::size_t{1} << 20;
inline constexpr std::size_t kFarCopy = std::size_t{32} << 20;
// Below this size, what a message's bytes take is little beside a block.
inline constexpr std::size_t kLargeMessage = std::size_t{256} << 10;

// Measures what the large messages of `cases` depend on: a tenth of a second for each placement that has any, nothing
// where there are none. What this host refuses stays as it is assumed. Forks short-lived helpers.
HostSpeed measure_host_speed(const std::vector<PlannedCase>& cases);

}  // namespace ipcbench
