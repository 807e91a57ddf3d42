#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/plan/plan.h"

namespace ipcbench {

// Case indices in the order of one pass: a permutation of the runnable cases, from their number and (seed, pass) alone,
// the same with every compiler and library. `pass` may be negative (the pilot's).
std::vector<std::size_t> pass_order(const Plan& plan, std::uint64_t seed, int pass);

}  // namespace ipcbench
