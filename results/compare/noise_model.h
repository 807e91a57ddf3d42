#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/figures/metric.h"
#include "results/model/record.h"

// Describes how far two identical builds differ on a machine. It is learnt from pairs of launches of the same build
// (A/A), stored as noise.json, and read by comparisons on the same machine class.

namespace ipcbench {

inline constexpr std::size_t kPairsForMargin = 500;       // fewer: the margin is advice
inline constexpr std::size_t kCountedPairsForMargin = 9;  // system calls that don't depend on timing have no noise
inline constexpr std::size_t kRunsForMargin = 20;
inline constexpr double kUnstableSpread = 0.10;

struct RoundMargin {
  int rounds = 0;
  double margin = 0;  // 99 of 100 A/A jobs of so many rounds have a smaller |median log ratio|
};

// Holds the margin for a given number of rounds.
struct LearntMargin {
  double value = 0;
  bool is_settled = false;  // if not, it may leave a figure undecided but never passes one
};

// Describes the noise of one case and metric. All values are log ratios: 0.02 is 2 %.
struct NoiseFigure {
  std::string case_id, metric;
  std::size_t pairs = 0;
  std::optional<double> spread;      // 1.4826 x the median absolute deviation of the pairs' log ratios
  std::optional<double> margin;      // for NoiseModel::rounds
  std::vector<RoundMargin> margins;  // ascending by rounds
  std::size_t runs = 0;              // sessions at least an hour apart, or of different boots
  std::optional<double> run_margin;  // 99 of 100 pairs of such runs have medians that differ by at most this
  std::string reason;                // why a value is absent or only advice

  std::size_t pairs_needed() const noexcept {
    return metric == to_string(Metric::syscalls) ? kCountedPairsForMargin : kPairsForMargin;
  }
  // Returns whether there are enough pairs to say if the figure is steady enough to gate.
  bool is_settled() const noexcept { return pairs >= pairs_needed() && spread && margin; }
  // Returns the margin learnt for the most rounds that don't exceed `rounds`. With fewer rounds than any that were
  // learnt, the smallest one's margin grows with the square root of the ratio and isn't settled. No margin from fewer
  // than kPairsForMargin pairs is settled.
  std::optional<LearntMargin> margin_for(std::size_t rounds) const noexcept;
};

struct NoiseModel {
  std::string machine_class;
  std::optional<std::string> inherited;  // MachineRecord::inherited
  std::string created, suite;
  PayloadName payload;
  std::string workers;             // CaseRecord::workers
  std::optional<double> block_ns;  // wanted length of a block; none: not stored
  std::uint64_t seed = 0;
  int rounds = 0;        // rounds of the job that NoiseFigure::margin is for
  std::size_t jobs = 0;  // jobs resampled to learn the margins
  BuildInfo build;       // the build that measured
  std::vector<NoiseFigure> figures;

  // Returns nullptr for a case or metric that was never calibrated.
  const NoiseFigure* find(std::string_view case_id, Metric metric) const noexcept;
};

}  // namespace ipcbench
