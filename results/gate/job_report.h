#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/compare/ab_decision.h"
#include "results/compare/looks.h"
#include "results/compare/rounds_by_case.h"
#include "results/rows/reference.h"

// All decisions of one comparison, and what they come to: what every form of output is made of.

namespace ipcbench {

inline constexpr std::size_t kMostConfirmed = 10;

// One figure of one case.
struct Decision {
  std::string case_id;
  std::string of = {};  // which head, where one report compares several with the base; "" if there is one
  Metric metric = Metric::rtt_p50;
  bool gated = false;
  std::string not_gated;             // why not
  std::optional<double> base, head;  // typical values over the launches that `first` is of; ns or counts
  Estimate first;                    // of ln(head / base)
  std::optional<Estimate> again;     // in fresh rounds
  Margin margin;                     // for the rounds of `first`
  Margin again_margin = {};          //   and for those of `again`
  int rounds = 0, again_rounds = 0;  // that these two are of; launches against a stored result
  FigureVerdict verdict = FigureVerdict::inconclusive;
  std::string reason;                 // of a verdict that needs one, "" otherwise
  std::optional<NextLook> next = {};  // where more rounds would be looked at; none: it is decided, or no look is left
  // What base and head are as multiples of the reference's figure of their own run, if there is a reference.
  std::optional<Ratio> base_times = {}, head_times = {};

  // What the verdict rests on.
  const Estimate& last() const noexcept { return again ? *again : first; }
  const Margin& last_margin() const noexcept { return again ? again_margin : margin; }
};

// Why a case has no decisions.
enum class LeftOutKind : std::uint8_t {
  broken,          // an arm lost or damaged messages, crashed or hung
  skipped,         // never measured: it can't run
  missing,         // only one side has it
  not_comparable,  // both have it, measured under other conditions
};
std::string_view name_of(LeftOutKind kind) noexcept;  // "broken", "skipped", "missing", "not comparable"

// A case without decisions.
struct LeftOut {
  std::string case_id;
  LeftOutKind kind = LeftOutKind::skipped;
  Status status = Status::skipped;  // of what broke
  std::string reason;
};

enum class JobVerdict : std::uint8_t {
  pass,
  regression,
  too_noisy,       // a gated figure could not be decided; only where that was asked for (strict)
  invalid,         // an arm lost or damaged messages, crashed or hung
  not_comparable,  // no case in common, all measured under other conditions, or no calibration
  all_skipped,
  interrupted,
};
std::string_view name_of(JobVerdict verdict) noexcept;

struct JobReport {
  std::string kind;        // "ab", "check", "compare"
  std::string base, head;  // what was compared, for people
  std::string machine_class, suite;
  std::uint64_t seed = 0;
  int rounds = 0;          // of timed pairs, up to the first look; 0 against a stored result
  std::vector<int> looks;  // rounds, or launches, after which figures are decided; none: once, after all there are
  std::optional<double> budget_s, used_s;  // the job's time; none: it wasn't measured now
  std::size_t gated = 0;                   // figures that share kJobLevel
  bool strict = false;
  bool advisory = false;     // nothing here may fail a job
  bool interrupted = false;  // what there is was measured until then
  std::string calibration;   // a sentence: what the margins rest on
  std::vector<Decision> decisions;
  std::vector<LeftOut> left_out;
  std::vector<std::string> notes;
};

struct JobRules {
  const NoiseModel* noise = nullptr;  // of this machine class; nullptr: margins are the least changes
  bool strict = false;
};

// Why a figure is reported only; "" if it is gated. What gates: blocking round trips on one CPU, and whatever enough
// identical pairs show to be steady; of the counts one, system calls before context switches.
std::string why_not_gated(const CasePairs& c, Metric metric, const NoiseFigure* noise);

// Decides a session of pairs, with as many stages as it has: candidates without fresh rounds stay candidates. Each
// figure is decided at the first look that can; later rounds don't change it.
JobReport decide_job(const PairSession& session, const JobRules& rules);

// The gated candidates that have to be looked at again: the worst ten by how far their interval is beyond the margin.
std::vector<const Decision*> to_confirm(const JobReport& report);

// A proven regression counts more than what broke beside it.
JobVerdict verdict_of(const JobReport& report);
// 0 pass, 1 regression, 3 too noisy, 4 invalid, 5 not comparable, 77 all skipped, 130 interrupted.
int exit_code_of(JobVerdict verdict) noexcept;

}  // namespace ipcbench
