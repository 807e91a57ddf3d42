#pragma once

#include "harness/selftest/timed_check.h"

namespace ipcbench {

// Returns the exit code of a whole self-test: kExitInvalid if a fault was missed, else kExitTooNoisy if a reading
// stayed undecided, else 0.
int exit_code_of(CheckOutcome worst) noexcept;

}  // namespace ipcbench
