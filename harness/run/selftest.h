#pragma once

#include <string>
#include <vector>

#include "harness/os/topology.h"
#include "harness/run/runner.h"

namespace ipcbench {

// One thing the harness must see, and what it saw.
struct SelfCheck {
  std::string name;      // "corrupt, ping-pong"
  std::string expected;  // "invalid: message 150 is corrupt"
  std::string seen;
  bool passed = false;
};

struct SelftestReport {
  std::vector<SelfCheck> checks;
  bool stopped = false;  // by a stop signal: the checks after it are missing
  bool passed() const noexcept;
};

// Runs the harness against the hidden transports of transports/testing/, on one CPU of `topology` (null: on two): every
// lie must be caught, with the message's number or the phase, and a known delay and known stalls be measured as they
// are. Takes about ten seconds. `observer` may be null. Throws std::system_error.
SelftestReport run_selftest(const Topology& topology, RunObserver* observer);

}  // namespace ipcbench
