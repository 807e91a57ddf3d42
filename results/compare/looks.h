#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "results/compare/ab_decision.h"

// Decides a figure at a few fixed places of a job that goes on: more data are not more chances (docs/method.md).

namespace ipcbench {

inline constexpr int kMostLooks = 5;
inline constexpr int kMostFirstLook = 10'000;

// Returns `first`, twice that, four times … : the rounds, or launches, after which a job is looked at. 1 <= `first` <=
// kMostFirstLook, 1 <= `count` <= kMostLooks.
std::vector<int> looks_from(int first, int count);
// A run numbers its passes on, over repeats for canary states, which may be as many as its passes, to those of cases
// that go on. Returns the number of the first pass that look `index` doesn't see.
int passes_seen(std::span<const int> looks, std::size_t index) noexcept;
// Fresh rounds of a candidate are looked at after twice as many each.
std::vector<int> fresh_looks(std::span<const int> looks);
// Says why these are no looks that a file may hold: not positive, not ascending, or too many. "" if they are; none are,
// too: one look at all there is.
std::string why_no_looks(std::span<const int> looks);

// A look at whatever is stored.
inline constexpr int kAllRounds = std::numeric_limits<int>::max();

// The rounds of one figure in one stage of a job: its first rounds, or fresh ones.
struct StageRounds {
  int reached = 0;                                                 // so many are measured whole
  std::function<Estimate(int rounds, double tail)> estimate = {};  // from the first `rounds` rounds
  std::function<Margin(int rounds, std::size_t n)> margin = {};    // for `n` of them
};

// What the first look that decides sees of a stage, else the last one reached. Rounds beyond it are not used.
struct LookedAt {
  int rounds = 0;  // of that look; 0: none is reached
  Estimate estimate = {};
  Margin margin = {};
  FigureVerdict verdict = FigureVerdict::inconclusive;
};

// Where a figure that is not decided is looked at next.
struct NextLook {
  int rounds = 0;
  bool fresh = false;  // of the fresh rounds

  friend bool operator==(const NextLook&, const NextLook&) = default;
};

struct FigureDecision {
  LookedAt first;
  std::optional<LookedAt> again = {};  // once a candidate's fresh rounds have reached their first look
  FigureVerdict verdict = FigureVerdict::inconclusive;
  std::optional<NextLook> next = {};  // none: it is decided, or no look is left
};

// `looks`: of the first rounds, ascending, at least one; each uses an equal part of `tail`, the error of the figure on
// each side. `noise`: what is known of the figure, or nullptr.
FigureDecision decide_at_looks(std::span<const int> looks, double tail, const NoiseFigure* noise,
                               const StageRounds& first, const StageRounds& fresh);

}  // namespace ipcbench
