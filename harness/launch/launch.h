#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "harness/launch/control_block.h"
#include "harness/run_dir/run_dir.h"
#include "harness/suite/case_spec.h"
#include "results/model/record.h"

namespace ipcbench {

// Describes a launch: a fresh pair of worker processes that measures one case once.
struct LaunchRequest {
  const CaseSpec& spec;
  CpuPair cpus;
  PayloadMode payload = PayloadMode::lines;
  std::uint64_t seed = 0;
  std::uint64_t block_ops = 0;
  std::uint64_t warmup_ops = 0;
  std::chrono::nanoseconds pilot{0};    // not 0: a pilot, which measures the time of an op
  bool counts_calls = false;            // counts system calls and times nothing
  std::chrono::nanoseconds deadline{};  // from the fork; both workers are then killed
  std::chrono::nanoseconds hybrid_spin{0};
  Clock clock;
};

struct LaunchOutcome {
  LaunchRecord record;
  double pilot_op_ns = 0;    // of a successful pilot
  bool interrupted = false;  // by a second stop signal: the record says nothing about the case
};

// Return the transport and the session's configuration of a request. The transport must be registered.
const Transport& transport_of(const LaunchRequest& request);
SessionConfig session_config(const LaunchRequest& request, RunDir& run_dir);

// Runs a launch. The transport of `request.spec` must be registered. Kernel objects are named in `run_dir` before they
// are made, and removed on return even if workers died. A failed launch is reported in the record, not by an exception.
// Throws std::system_error only if this host can't fork or map memory.
LaunchOutcome launch(const LaunchRequest& request, RunDir& run_dir);

}  // namespace ipcbench
