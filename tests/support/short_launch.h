#pragma once

#include <chrono>
#include <string>

#include "harness/launch/launch.h"
#include "harness/run_dir/run_dir.h"
#include "harness/suite/case_spec.h"

namespace ipcbench {

// Runs a launch of 20 ops of a case, by its id, on any CPUs.
inline LaunchRecord launched(const std::string& id) {
  const CaseSpec spec = parse_case(id);
  RunDir run = RunDir::create();
  return launch({.spec = spec,
                 .cpus = {},
                 .payload = PayloadMode::full,
                 .seed = 1,
                 .block_ops = 20,
                 .warmup_ops = 2,
                 .deadline = std::chrono::seconds(60),
                 .clock = {}},
                run)
      .record;
}

}  // namespace ipcbench
