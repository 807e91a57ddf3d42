#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "results/compare/noise_model.h"
#include "results/compare/pairs.h"
#include "results/model/record.h"

// How often the decision rule is wrong, and how often it catches a known slowdown: whole jobs drawn from stored pairs
// of identical builds, decided by the very functions that decide a real job.

namespace ipcbench {

// Hits among trials, with exact bounds that hold with 95 % each (Clopper, Pearson 1934).
struct Rate {
  std::size_t hits = 0;
  std::size_t trials = 0;

  double value() const noexcept { return trials == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(trials); }
  double low() const;   // 0 for no hits
  double high() const;  // 1 for nothing but hits
};

struct ResamplingRules {
  std::size_t jobs = 1000;
  int rounds = 40;      // up to the first look
  int looks = 1;        // of each figure, as in a real job (looks.h); fresh rounds of candidates have as many
  double slowdown = 0;  // of one round-trip figure, another one each job: 0.10 is 10 %; 0: none
  std::uint64_t seed = 1;
  std::size_t margin_jobs = 1000;  // resampled to learn the margins
};

struct ResampledJobs {
  Rate regressed;  // jobs that call any figure a regression which isn't one
  Rate caught;     // jobs that call the slowed figure one
  Rate improved;   // jobs that call the slowed figure improved
  std::vector<std::pair<std::string, Rate>> caught_by_case;
  Rate undecided;           // gated figures of all jobs, without the slowed ones, that no look decides
  std::size_t figures = 0;  // gated
  std::size_t pairs = 0;    // rounds to draw from
};

// Rounds are drawn in stretches of at least 10 s, each round with all its figures, so that what disturbs several at
// once, or lasts, still does. The sign of a round is flipped at random. No job is decided by margins learnt from its
// own rounds: every other stretch gives those for jobs of the rest. `model` says what is gated. Deterministic.
ResampledJobs resample_jobs(std::span<const PairSession> sessions, const NoiseModel& model,
                            const ResamplingRules& rules);

}  // namespace ipcbench
