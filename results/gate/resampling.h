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

// Measures the decision rule's error rate and its power against a known slowdown. It resamples whole jobs from stored
// pairs of identical builds and decides them with the functions that decide real jobs.

namespace ipcbench {

// Counts hits among trials, with exact one-sided bounds of 95 % each (Clopper, Pearson 1934).
struct Rate {
  std::size_t hits = 0;
  std::size_t trials = 0;

  double value() const noexcept { return trials == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(trials); }
  double low() const;   // 0 for no hits
  double high() const;  // 1 if all trials hit
};

struct ResamplingRules {
  std::size_t jobs = 1000;
  int rounds = 40;      // up to the first look
  int looks = 1;        // looks at each figure, as in a real job (looks.h); fresh rounds have as many
  double slowdown = 0;  // slowdown of one round-trip figure, a different one each job: 0.10 is 10 %; 0: none
  std::uint64_t seed = 1;
  std::size_t margin_jobs = 1000;  // jobs resampled to learn the margins
};

struct ResampledJobs {
  Rate regressed;  // jobs that report a regression which isn't one
  Rate caught;     // jobs that report the slowed figure as regressed
  Rate improved;   // jobs that report the slowed figure as improved
  std::vector<std::pair<std::string, Rate>> caught_by_case;
  Rate undecided;           // gated figures of all jobs, without the slowed ones, that no look decides
  std::size_t figures = 0;  // gated figures
  std::size_t pairs = 0;    // rounds to draw from
};

// Draws rounds in stretches of at least 10 s, each round with all its figures, so that lasting and common disturbances
// survive. The sign of a round is flipped at random. Margins come from every other stretch and jobs from the rest, so
// that no job is judged by its own rounds. `model` says what is gated. Deterministic.
ResampledJobs resample_jobs(std::span<const PairSession> sessions, const NoiseModel& model,
                            const ResamplingRules& rules);

}  // namespace ipcbench
