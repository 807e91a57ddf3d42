#pragma once

#include <cstdint>
#include <span>

#include "results/compare/ab_decision.h"

namespace ipcbench {

inline constexpr int kBootstrapResamples = 10000;

// Estimates the difference of the medians of `head` and `base`, which hold a log value for each launch. Its interval is
// the percentile interval of the bootstrap over launches, with `tail` on each side (Efron, Tibshirani: An Introduction
// to the Bootstrap, 1993, 13.3). The medians of `base_reference` and `head_reference`, unless empty, are subtracted and
// resampled as well. Under 6 launches there is no interval. Deterministic.
struct BootstrapInput {
  std::span<const double> base, head;
  std::span<const double> base_reference = {}, head_reference = {};
  int resamples = kBootstrapResamples;
};
Estimate bootstrap_difference(const BootstrapInput& input, double tail, std::uint64_t seed);

}  // namespace ipcbench
