#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "harness/measure/clock.h"

namespace ipcbench {

struct CanaryWatch {
  std::vector<double> rtt_ns;  // of each canary, in the order of time; empty only if stopped at once
  bool stopped = false;        // before its time
};

// Canaries of `canary_ns` each, one after the other, for about `duration_ns` and at least one, on two different CPUs
// (Linux numbers). Both are kept busy throughout. `go_on` is asked about ten times a second, and where a side was
// killed by a signal, as a Ctrl-C is sent to it, too; false ends the watch. Throws std::runtime_error if a CPU can't be
// used.
CanaryWatch watch_canary(const Clock& clock, int producer_cpu, int consumer_cpu, std::uint64_t duration_ns,
                         std::uint64_t canary_ns, const std::function<bool()>& go_on);

}  // namespace ipcbench
