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

// Runs canaries of `canary_ns` each, one after another, for about `duration_ns` and at least one. The two CPUs (Linux
// numbers) must differ; both are busy throughout. `go_on` is asked about ten times a second, and also when a side was
// killed, since a Ctrl-C reaches the sides too. If it returns false the watch ends. Throws std::runtime_error if a CPU
// can't be used.
CanaryWatch watch_canary(const Clock& clock, int producer_cpu, int consumer_cpu, std::uint64_t duration_ns,
                         std::uint64_t canary_ns, const std::function<bool()>& go_on);

}  // namespace ipcbench
