#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ipcbench {

// Round trips in ns by pair of CPUs, the lower number first.
using CpuPairTimes = std::map<std::pair<int, int>, double>;

inline constexpr std::size_t kMostMatrixCpus = 256;

// Returns the lower triangle: a row and a column per CPU, ns without decimals, "." for a pair that wasn't measured.
// Lines have at most `width` columns (0: unlimited); a wider matrix continues below, one block of columns after
// another. `cpus` must ascend. Returns "" for fewer than 2 CPUs or more than kMostMatrixCpus.
std::string render_matrix(const std::vector<int>& cpus, const CpuPairTimes& times, std::size_t width);

}  // namespace ipcbench
