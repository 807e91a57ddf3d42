#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/plan/plan.h"

namespace ipcbench {

// Returns the case indices in the order of one pass: a permutation of the runnable cases. It depends on their number
// and (seed, pass) only, not on compiler or library. `pass` may be negative (the pilot's).
std::vector<std::size_t> pass_order(const Plan& plan, std::uint64_t seed, int pass);

}  // namespace ipcbench
