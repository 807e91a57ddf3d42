#pragma once

#include <cstddef>
#include <vector>

#include "results/model/record.h"

namespace ipcbench {

// Returns how many launches each case lacks to have `wanted` comparable ones, by index of Result::cases. Cases that
// repeats can't mend (skipped, invalid, or never completed a launch) lack none. Works while the run goes on, without
// summarise().
std::vector<std::size_t> launches_lacking(const Result& result, int wanted);

}  // namespace ipcbench
