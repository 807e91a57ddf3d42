#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/compare/pairs.h"
#include "results/figures/metric.h"

// What a machine does to two identical builds: learnt from pairs of launches whose arms are the same (A/A), stored as
// noise.json, read by the comparisons of that machine class.

namespace ipcbench {

inline constexpr std::size_t kPairsForMargin = 500;       // fewer: the margin is advice
inline constexpr std::size_t kCountedPairsForMargin = 9;  // system calls that don't depend on timing have no noise
inline constexpr std::size_t kRunsForMargin = 20;
inline constexpr double kMarginQuantile = 0.99;
inline constexpr double kUnstableSpread = 0.10;
inline constexpr std::string_view kNoiseSchema = "ipcbench-noise";

// The rounds of a job that margins are learnt for.
inline constexpr std::array kMarginRounds = {10, 20, 40, 80, 160, 320, 640};

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

struct LearningRules {
  int rounds = 40;
  std::size_t jobs = 2000;
  std::uint64_t seed = 1;
};

// Learns from all sessions, which must be of one kind (check_one_kind()). Pairs whose launches broke, or saw two canary
// states, are left out. Deterministic.
NoiseModel learn_noise(std::span<const PairSession> sessions, const LearningRules& rules);

// 1.4826 x the median absolute deviation: the standard deviation, if it were a normal distribution. 0 for none.
double robust_spread(std::span<const double> values);

// The smallest margin that at least 99 of 100 of `jobs` jobs keep to. Each draws `rounds` log ratios from `ratios`, in
// stretches of `stretch` neighbours (Stretches), and flips the sign of each at random: two identical arms may swap
// names.
double margin_of_jobs(std::span<const double> ratios, const LearningRules& rules, std::size_t stretch = 1);

std::string to_json(const NoiseModel& model);
// Strict, as results are read. Throws ResultError.
NoiseModel noise_from_json(std::string_view text, const std::string& file);

}  // namespace ipcbench
