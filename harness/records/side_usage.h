#pragma once

#include <cstdint>
#include <optional>

// What processes used during a block.

namespace ipcbench {

// Holds the resource usage of one worker over the unstamped block (ping-pong) or the block (streaming).
struct SideUsage {
  double cpu_ns = 0, wall_ns = 0;
  std::optional<double> user_ns, system_ns;  // none for windows under a second
  std::uint64_t voluntary = 0, involuntary = 0, minor_faults = 0, major_faults = 0;
};

// Holds what another process of one thread has used, so far or over the same time: the broker, which carries the
// messages. A value that couldn't be read is absent.
struct ProcessUsage {
  std::optional<double> cpu_ns;                         // its CPU clock
  std::optional<std::uint64_t> voluntary, involuntary;  // context switches, /proc/<pid>/status
};

}  // namespace ipcbench
