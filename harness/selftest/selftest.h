#pragma once

#include <string>
#include <vector>

#include "harness/host/topology.h"
#include "harness/run/runner.h"
#include "harness/selftest/timed_check.h"
#include "harness/suite/workers.h"

namespace ipcbench {

// Names a fault that the harness must detect, and what it detected.
struct SelfCheck {
  std::string name;      // "corrupt, ping-pong"
  std::string expected;  // "invalid: message 110 is corrupt"
  std::string seen;
  CheckOutcome outcome = CheckOutcome::missed;
};

struct SelftestOutcome {
  std::vector<SelfCheck> checks;
  bool stopped = false;  // by a stop signal: later checks are missing
  // Returns missed if any check is; else undecided if any is; else ok.
  CheckOutcome worst() const noexcept;
};

struct SelftestRequest {
  Workers workers = Workers::fork;
  bool checks_loads = false;  // also what open loops measure
};

// Runs the harness against the faulty transports of transports/faulty/, on one CPU of `topology` and once on two. Every
// fault must be reported with the message's number or the phase, and known delays, stalls and busy times must be
// measured correctly. It takes ten seconds; on a noisy machine it continues for up to 90 s until the readings decide.
// The checks of open loops (load_selftest.h) take two minutes more, up to three.
// `observer` may be null. Throws std::system_error.
SelftestOutcome run_selftest(const Topology& topology, const SelftestRequest& request, RunObserver* observer);

}  // namespace ipcbench
