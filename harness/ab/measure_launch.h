#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "harness/host/topology.h"
#include "harness/measure/clock.h"
#include "harness/measure/payload.h"
#include "harness/suite/case_spec.h"
#include "harness/suite/workers.h"
#include "results/model/record.h"

namespace ipcbench {

// The version of what `measure-launch` takes and answers.
inline constexpr int kMeasureLaunchAbi = 1;

// Describes a single launch of a case: what measure-launch is asked for.
struct SingleLaunch {
  CaseSpec spec;
  CpuPair cpus;
  std::uint64_t ops = 0;  // per block
  std::uint64_t seed = 0;
  PayloadMode payload = PayloadMode::lines;
  Workers workers = Workers::fork;
  bool counts_calls = false;                                 // times nothing: counts system calls; the warm-up is 20
  std::optional<Clock> clock = {};                           // none: chosen anew, which takes a tenth of a second
  std::optional<std::uint64_t> warmup_ops = {};              // none: a fifth of `ops`, at least 100
  std::optional<std::chrono::nanoseconds> hybrid_spin = {};  // none: measured anew
};
LaunchRecord measure_launch(const SingleLaunch& single);

}  // namespace ipcbench
