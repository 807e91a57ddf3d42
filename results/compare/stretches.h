#pragma once

#include <cstddef>
#include <vector>

#include "harness/measure/splitmix64.h"
#include "results/compare/pairs.h"

// Rounds resampled in stretches: what disturbs a machine lasts for seconds, so that neighbours have it in common, and a
// job drawn round by round would never meet it whole (H. R. Künsch, The jackknife and the bootstrap for general
// stationary observations, Annals of Statistics 17(3), 1989).

namespace ipcbench {

inline constexpr double kLeastStretchSeconds = 10;

// Rounds of the session that took at least 10 s together: by the times of its pairs, else estimated from their lengths.
// At least 1.
std::size_t stretch_of(const PairSession& session);

// Draws indices of `size` values that are in the order of time.
class Stretches {
 public:
  // Stretches of `length` neighbours; the last value is followed by the first.
  Stretches(std::size_t size, std::size_t length);

  // `count` indices, none if there are no values: whole stretches from random beginnings, the last one cut.
  std::vector<std::size_t> draw(std::size_t count, SplitMix64& random) const;

 private:
  std::size_t size_, length_;
};

}  // namespace ipcbench
