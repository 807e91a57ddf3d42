#pragma once

#include <chrono>
#include <cstddef>

#include "harness/plan/plan.h"

namespace ipcbench {

// A plan of so many round trips over pipes, of messages of 1, 2, 3 … bytes, in blocks of 25 ms.
inline Plan pipe_plan(int cases, CpuPair cpus = {0, 1}) {
  Plan plan;
  plan.block = plan.suite.block = std::chrono::milliseconds(25);
  for (int i = 0; i < cases; ++i) {
    CaseSpec spec;
    spec.transport = "pipe";
    spec.size = static_cast<std::size_t>(i) + 1;
    plan.cases.push_back({.spec = spec, .cpus = cpus});
  }
  return plan;
}

}  // namespace ipcbench
