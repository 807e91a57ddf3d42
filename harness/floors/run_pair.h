#pragma once

#include <chrono>
#include <functional>
#include <stdexcept>

#include "harness/measure/payload.h"

namespace ipcbench {

// PairFailed says that a process of such a measurement has failed, was killed, or wasn't done in time.
struct PairFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Runs `body` in two forked processes, one per role, each pinned to its CPU (-1: not pinned), and returns when both
// have exited. If one fails, or after `limit`, both are killed. `body` may throw; what it writes is seen here only in
// shared mappings. Throws PairFailed, which names `what`; std::runtime_error if processes can't be pinned.
void run_pair(const char* what, int producer_cpu, int consumer_cpu, const std::function<void(Role)>& body,
              std::chrono::seconds limit = std::chrono::seconds(30));

}  // namespace ipcbench
