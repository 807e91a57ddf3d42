#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "results/compare/noise_model.h"
#include "results/compare/pairs.h"

// Learns a noise model from pairs of launches whose arms are the same (A/A).

namespace ipcbench {

struct LearningRules {
  int rounds = 40;
  std::size_t jobs = 2000;
  std::uint64_t seed = 1;
};

// Learns the noise from all sessions, which must be of one kind (check_one_kind()). Pairs with a failed launch or with
// two canary states are left out. Deterministic.
NoiseModel learn_noise(std::span<const PairSession> sessions, const LearningRules& rules);

// Returns the smallest margin that at least 99 of 100 of `jobs` jobs keep to. Each draws `rounds` log ratios from
// `ratios`, in stretches of `stretch` neighbours (Stretches), and flips the sign of each at random: two identical arms
// may swap names.
double margin_of_jobs(std::span<const double> ratios, const LearningRules& rules, std::size_t stretch = 1);

}  // namespace ipcbench
