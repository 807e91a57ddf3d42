#pragma once

#include <cstdint>
#include <span>

#include "results/compare/ab_decision.h"

namespace ipcbench {

inline constexpr int kBootstrapResamples = 10000;

// The difference of the medians of `head` and `base` (log values, one a launch), with the percentile interval of the
// bootstrap over launches (Efron, Tibshirani: An Introduction to the Bootstrap, 1993, 13.3) that leaves `tail` on each
// side. `base_reference` and `head_reference` are subtracted, and resampled as well; empty: none. No interval under 6
// launches. Deterministic.
struct BootstrapInput {
  std::span<const double> base, head;
  std::span<const double> base_reference = {}, head_reference = {};
  int resamples = kBootstrapResamples;
};
Estimate bootstrap_difference(const BootstrapInput& input, double tail, std::uint64_t seed);

}  // namespace ipcbench
