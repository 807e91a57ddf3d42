#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ipcbench {

// Round trips in ns by pair of CPUs, the lower number first.
using PairTimes = std::map<std::pair<int, int>, double>;

inline constexpr std::size_t kMostMatrixCpus = 256;

// The lower triangle: a row and a column per CPU, ns without decimals, "." for a pair that was not measured. Lines are
// at most `width` columns wide (0: as wide as they must be): a wider matrix goes on below, a block of columns at a
// time. `cpus` ascend; "" for fewer than 2 or more than kMostMatrixCpus.
std::string render_matrix(const std::vector<int>& cpus, const PairTimes& times, std::size_t width);

}  // namespace ipcbench
