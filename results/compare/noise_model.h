#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/figures/metric.h"
#include "results/model/record.h"

// A noise model says what a machine does to two identical builds: learn_noise.h learns it, results/files/noise_file.h
// stores it, the comparisons of that machine class use it.

namespace ipcbench {

inline constexpr std::size_t kPairsForMargin = 500;       // fewer: the margin is advice
inline constexpr std::size_t kCountedPairsForMargin = 9;  // system calls that don't depend on timing have no noise
inline constexpr std::size_t kRunsForMargin = 20;
inline constexpr double kUnstableSpread = 0.10;

struct RoundMargin {
  int rounds = 0;
  double margin = 0;  // that the |median log ratio| of a job of so many rounds stays under in 99 of 100 A/A jobs
};

// A margin for the rounds in use.
struct LearntMargin {
  double value = 0;
  bool is_settled = false;  // else it may leave a figure undecided, never better
};

// Of one case and metric. Log ratios throughout: 0.02 is 2 %.
struct NoiseFigure {
  std::string case_id, metric;
  std::size_t pairs = 0;
  std::optional<double> spread;      // 1.4826 x the median absolute deviation of the pairs' log ratios
  std::optional<double> margin;      // that of NoiseModel::rounds
  std::vector<RoundMargin> margins;  // ascending by rounds
  std::size_t runs = 0;              // sessions at least an hour apart, or of different boots
  std::optional<double> run_margin;  // that the medians of two such runs differ by at most, in 99 of 100
  std::string reason;                // why something is absent, or only advice

  std::size_t pairs_needed() const noexcept {
    return metric == name_of(Metric::syscalls) ? kCountedPairsForMargin : kPairsForMargin;
  }
  // From enough pairs to say whether the figure is steady enough to gate.
  bool is_settled() const noexcept { return pairs >= pairs_needed() && spread && margin; }
  // The margin of the most rounds that are no more than `rounds`. Below the fewest that were learnt, theirs grows with
  // the square root of the ratio and isn't settled; nor is any from fewer than kPairsForMargin pairs.
  std::optional<LearntMargin> margin_for(std::size_t rounds) const noexcept;
};

struct NoiseModel {
  std::string machine_class;
  std::optional<std::string> inherited;  // MachineRecord::inherited
  std::string created, suite, payload;
  std::optional<double> block_ns;  // wanted length of a block; none: not stored
  std::uint64_t seed = 0;
  int rounds = 0;        // of a job that NoiseFigure::margin is for
  std::size_t jobs = 0;  // resampled to learn them
  ToolRecord tool;       // the build that measured
  std::vector<NoiseFigure> figures;

  // nullptr if it was never calibrated.
  const NoiseFigure* find(std::string_view case_id, Metric metric) const noexcept;
};

}  // namespace ipcbench
