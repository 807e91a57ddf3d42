#pragma once

#include <cstddef>
#include <vector>

#include "harness/measure/splitmix64.h"
#include "results/compare/pairs.h"

// Resamples rounds in blocks of neighbours, called stretches. Disturbances last for seconds, so that a job drawn round
// by round would never meet a whole one (H. R. Künsch, The jackknife and the bootstrap for general stationary
// observations, Annals of Statistics 17(3), 1989).

namespace ipcbench {

inline constexpr double kLeastStretchSeconds = 10;

// Returns how many rounds of the session take at least 10 s together, at least 1. Without times it estimates from the
// pairs' lengths.
std::size_t stretch_of(const PairSession& session);

// Draws indices into `size` values that are in order of time.
class Stretches {
 public:
  // `length` is that of a stretch. The values form a ring: the first one follows the last.
  Stretches(std::size_t size, std::size_t length);

  // Draws `count` indices: whole stretches from random starts, the last one cut. Returns none if there are no values.
  std::vector<std::size_t> draw(std::size_t count, SplitMix64& random) const;

 private:
  std::size_t size_, length_;
};

}  // namespace ipcbench
