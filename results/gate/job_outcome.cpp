#include "results/gate/job_outcome.h"

#include <algorithm>
#include <array>

namespace ipcbench {
namespace {

struct JobVerdictEntry {
  std::string_view name;
  int exit_code;
};
// In the order of JobVerdict.
constexpr std::array<JobVerdictEntry, 7> kJobVerdicts = {{{"pass", 0},
                                                          {"regression", 1},
                                                          {"too noisy", 3},
                                                          {"invalid", 4},
                                                          {"not comparable", 5},
                                                          {"all skipped", 77},
                                                          {"interrupted", 130}}};

constexpr std::array<std::string_view, 4> kLeftOutNames = {"broken", "skipped", "missing", "not comparable"};

// Returns how far the whole interval lies beyond the margin.
double excess(const Decision& decision) { return decision.first.interval->low - decision.margin.value; }

}  // namespace

std::string_view to_string(JobVerdict verdict) noexcept { return kJobVerdicts[static_cast<std::size_t>(verdict)].name; }
std::string_view to_string(LeftOutKind kind) noexcept { return kLeftOutNames[static_cast<std::size_t>(kind)]; }
int exit_code_of(JobVerdict verdict) noexcept { return kJobVerdicts[static_cast<std::size_t>(verdict)].exit_code; }

std::vector<const Decision*> to_confirm(const JobOutcome& outcome) {
  std::vector<const Decision*> worst;
  for (const Decision& decision : outcome.decisions) {
    if (decision.gated && decision.verdict == FigureVerdict::candidate) worst.push_back(&decision);
  }
  std::stable_sort(worst.begin(), worst.end(),
                   [](const Decision* a, const Decision* b) { return excess(*a) > excess(*b); });
  if (worst.size() > kMostConfirmed) worst.resize(kMostConfirmed);
  return worst;
}

JobVerdict verdict_of(const JobOutcome& outcome) {
  if (outcome.interrupted) return JobVerdict::interrupted;
  const auto any = [&](auto holds) { return std::any_of(outcome.decisions.begin(), outcome.decisions.end(), holds); };
  if (!outcome.advisory && any([](const Decision& d) { return d.gated && d.verdict == FigureVerdict::regressed; })) {
    return JobVerdict::regression;
  }
  const auto any_left_out = [&](LeftOutKind kind) {
    return std::any_of(outcome.left_out.begin(), outcome.left_out.end(),
                       [kind](const LeftOut& left_out) { return left_out.kind == kind; });
  };
  if (any_left_out(LeftOutKind::broken)) return JobVerdict::invalid;
  if (outcome.decisions.empty()) {
    const bool only_skipped = any_left_out(LeftOutKind::skipped) && !any_left_out(LeftOutKind::missing) &&
                              !any_left_out(LeftOutKind::not_comparable);
    return only_skipped ? JobVerdict::all_skipped : JobVerdict::not_comparable;
  }
  if (outcome.strict && !outcome.advisory &&
      any([](const Decision& d) { return d.gated && is_undecided(d.verdict); })) {
    return JobVerdict::too_noisy;
  }
  return JobVerdict::pass;
}

}  // namespace ipcbench
