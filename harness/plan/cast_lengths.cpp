#include "harness/plan/cast_lengths.h"

#include <algorithm>
#include <set>

namespace ipcbench {
namespace {

// Returns the time in which each seat of a cast gets a turn of its CPU.
std::chrono::nanoseconds cast_turn(const CaseSpec& spec, std::span<const int> cpus) {
  constexpr std::chrono::milliseconds kTurn{4};
  const std::size_t different = std::max<std::size_t>(std::set<int>(cpus.begin(), cpus.end()).size(), 1);
  return kTurn * ((cast_of(spec).pattern.seats() + different - 1) / different);
}

}  // namespace

std::chrono::nanoseconds shortest_cast_block(const CaseSpec& spec, std::span<const int> cpus) {
  return 20 * cast_turn(spec, cpus);
}

std::chrono::nanoseconds shortest_cast_pilot(const CaseSpec& spec, std::span<const int> cpus) {
  return 2 * cast_turn(spec, cpus);
}

}  // namespace ipcbench
