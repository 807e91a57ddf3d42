#pragma once

#include <chrono>
#include <functional>

#include "harness/measure/payload.h"

namespace ipcbench {

// Runs `body` in two forked processes, one per role, each pinned to its CPU (-1: not pinned), and returns when both
// have exited. If one fails, or after `limit`, both are killed. `body` may throw; what it writes is seen here only in
// shared mappings. Throws std::runtime_error that names `what`.
void run_pair(const char* what, int producer_cpu, int consumer_cpu, const std::function<void(Role)>& body,
              std::chrono::seconds limit = std::chrono::seconds(30));

}  // namespace ipcbench
