#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "results/compare/ab_decision.h"

// Decides a figure at a few fixed looks during a job, so that more data don't mean more chances of a false alarm
// (docs/method.md).

namespace ipcbench {

inline constexpr int kMostLooks = 5;
inline constexpr int kMostFirstLook = 10'000;

// Returns the rounds, or launches, of the looks: `first`, twice that, four times that …. 1 <= `first` <=
// kMostFirstLook, 1 <= `count` <= kMostLooks.
std::vector<int> looks_from(int first, int count);
// Returns the first pass number that look `index` doesn't see. A run goes on numbering after its planned passes:
// repeats for canary states may be as many as these, and passes of cases that go on follow.
int passes_seen(std::span<const int> looks, std::size_t index) noexcept;
// Returns the looks at a candidate's fresh rounds: each after twice as many rounds.
std::vector<int> fresh_looks(std::span<const int> looks);
// Says why a file may not hold these looks: not positive, not ascending, or too many. Returns "" if it may; an empty
// list means a single look at everything.
std::string why_no_looks(std::span<const int> looks);

// The number of rounds of a look at everything that is stored.
inline constexpr int kAllRounds = std::numeric_limits<int>::max();

// Gives access to the rounds of one figure in one stage of a job: first rounds or fresh ones.
struct StageRounds {
  int reached = 0;                                                 // rounds that are complete
  std::function<Estimate(int rounds, double tail)> estimate = {};  // from the first `rounds` rounds
  std::function<Margin(int rounds, std::size_t n)> margin = {};    // for `n` rounds
};

// Describes a stage at the first look that decides, or at the last one reached. Later rounds are not used.
struct LookedAt {
  int rounds = 0;  // rounds of that look; 0: none reached
  Estimate estimate = {};
  Margin margin = {};
  FigureVerdict verdict = FigureVerdict::inconclusive;
};

// Names the next look at an undecided figure.
struct NextLook {
  int rounds = 0;
  bool fresh = false;  // counts fresh rounds

  friend bool operator==(const NextLook&, const NextLook&) = default;
};

struct FigureDecision {
  LookedAt first;
  std::optional<LookedAt> again = {};  // set once a candidate's fresh rounds reach their first look
  FigureVerdict verdict = FigureVerdict::inconclusive;
  std::optional<NextLook> next = {};  // none: it is decided, or no look is left
};

// Decides a figure. `looks` counts first rounds: ascending, at least one; each look spends an equal part of `tail`, the
// figure's error on each side. `noise` is the figure's calibration or nullptr.
FigureDecision decide_at_looks(std::span<const int> looks, double tail, const NoiseFigure* noise,
                               const StageRounds& first, const StageRounds& fresh);

}  // namespace ipcbench
