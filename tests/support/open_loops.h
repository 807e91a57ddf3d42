#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "results/model/record.h"

// Makes results of open loops for tests.

namespace ipcbench {

using OptionList = std::vector<std::pair<std::string, std::string>>;

// Returns a histogram of `count` equal times.
SparseHistogram many(std::uint64_t ns, std::uint64_t count = 20'000);

// Returns a launch at 20 000 messages a second, each of which takes `response_ns`.
LoadRecord steady_load(std::uint64_t response_ns);

// Returns a case of nine launches over a pipe of two CPUs.
CaseRecord open_loop_case(const OptionList& options, const LoadRecord& load = steady_load(1000));

// Returns a result with one such case, on CPUs whose clocks are known to 100 ns.
Result open_loop_result(const OptionList& options, const LoadRecord& load = steady_load(1000));

}  // namespace ipcbench
