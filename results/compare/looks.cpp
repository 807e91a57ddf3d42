#include "results/compare/looks.h"

#include <algorithm>

#include <fmt/core.h>

#include "results/compare/look_until_decided.h"

namespace ipcbench {
namespace {

bool decides(FigureVerdict verdict) noexcept {
  return verdict != FigureVerdict::inconclusive && verdict != FigureVerdict::unstable;
}

LookedAt look_at(const StageRounds& stage, std::span<const int> looks, double tail, const NoiseFigure* noise,
                 bool may_be_unstable) {
  LookedAt seen;
  look_until_decided(looks, stage.reached, [&](int rounds) {
    seen = {.rounds = rounds, .estimate = stage.estimate(rounds, tail)};
    seen.margin = stage.margin(rounds, seen.estimate.n);
    seen.verdict = decide(seen.estimate, seen.margin);
    if (may_be_unstable && is_unstable(seen.estimate, noise)) seen.verdict = FigureVerdict::unstable;
    return decides(seen.verdict);
  });
  return seen;
}

std::optional<NextLook> look_after(std::span<const int> looks, const LookedAt& seen, bool fresh) {
  if (decides(seen.verdict)) return std::nullopt;
  const auto next = std::ranges::upper_bound(looks, seen.rounds);
  return next == looks.end() ? std::nullopt : std::optional(NextLook{*next, fresh});
}

}  // namespace

std::vector<int> looks_from(int first, int count) {
  std::vector<int> looks = {first};
  while (static_cast<int>(looks.size()) < count) looks.push_back(2 * looks.back());
  return looks;
}

int passes_seen(std::span<const int> looks, std::size_t index) noexcept { return looks.front() + looks[index]; }

std::vector<int> fresh_looks(std::span<const int> looks) {
  std::vector<int> fresh;
  for (const int rounds : looks) fresh.push_back(rounds > kAllRounds / 2 ? kAllRounds : 2 * rounds);
  return fresh;
}

std::string why_no_looks(std::span<const int> looks) {
  if (looks.size() > kMostLooks) return fmt::format("more than {} looks", kMostLooks);
  int last = 0;
  for (const int rounds : looks) {
    if (rounds <= last) return "they must be positive and ascend";
    last = rounds;
  }
  constexpr int kMost = kMostFirstLook << (kMostLooks - 1);
  return last > kMost ? fmt::format("more than {} rounds", kMost) : "";
}

FigureDecision decide_at_looks(std::span<const int> looks, double tail, const NoiseFigure* noise,
                               const StageRounds& first, const StageRounds& fresh) {
  const double tail_of_look = tail / static_cast<double>(looks.size());
  FigureDecision decision{.first = look_at(first, looks, tail_of_look, noise, true)};
  if (decision.first.rounds == 0) decision.first.margin = first.margin(0, 0);
  decision.verdict = decision.first.verdict;
  decision.next = look_after(looks, decision.first, false);
  if (decision.verdict != FigureVerdict::candidate) return decision;

  const std::vector<int> again_looks = fresh_looks(looks);
  const LookedAt again = look_at(fresh, again_looks, tail_of_look, noise, false);
  decision.next = look_after(again_looks, again, true);
  if (again.rounds == 0) return decision;
  decision.again = again;
  decision.verdict = confirmed(again.verdict);
  return decision;
}

}  // namespace ipcbench
