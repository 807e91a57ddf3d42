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

// Collects all decisions of one comparison and its overall verdict. Every form of output is made from it.

namespace ipcbench {

inline constexpr std::size_t kMostConfirmed = 10;

// Holds the decision on one figure of one case.
struct Decision {
  std::string case_id;
  std::string of = {};  // which head, if one report compares several with the base; "" for a single one
  Metric metric = Metric::rtt_p50;
  bool gated = false;
  std::string not_gated;               // why not
  std::optional<double> base, head;    // typical values over the launches of `first`; ns or counts
  Estimate first;                      // of ln(head / base)
  std::optional<Estimate> again;       // in fresh rounds
  Margin margin;                       // for the rounds of `first`
  Margin again_margin = {};            //   and for those of `again`
  int rounds = 0, again_rounds = 0;    // rounds behind these two estimates; launches against a stored result
  std::vector<int> first_rounds = {};  // of a session of pairs: the rounds whose pairs `first`, base and head are of
  FigureVerdict verdict = FigureVerdict::inconclusive;
  std::string reason;                 // why, for verdicts that need a reason; else ""
  std::optional<NextLook> next = {};  // the next look, if more rounds can still decide it
  // Base and head as multiples of the reference's figure in their own run, if there is a reference.
  std::optional<Ratio> base_times = {}, head_times = {};

  // The estimate and the margin that the verdict rests on.
  const Estimate& last() const noexcept { return again ? *again : first; }
  const Margin& last_margin() const noexcept { return again ? again_margin : margin; }
};

// Says why a case has no decisions.
enum class LeftOutKind : std::uint8_t {
  broken,          // an arm lost or damaged messages, crashed or hung
  skipped,         // never measured, because it can't run
  missing,         // only one side has it
  not_comparable,  // both have it, measured under different conditions
};
std::string_view to_string(LeftOutKind kind) noexcept;  // "broken", "skipped", "missing", "not comparable"

// Names a case without decisions.
struct LeftOut {
  std::string case_id;
  LeftOutKind kind = LeftOutKind::skipped;
  Status status = Status::skipped;  // status of the broken arm
  std::string reason;
};

enum class JobVerdict : std::uint8_t {
  pass,
  regression,
  too_noisy,       // a gated figure is undecided; only if `strict` asks for this
  invalid,         // an arm lost or damaged messages, crashed or hung
  not_comparable,  // no common case, all measured under different conditions, or no calibration
  all_skipped,
  interrupted,
};
std::string_view to_string(JobVerdict verdict) noexcept;

struct JobOutcome {
  std::string kind;        // "ab", "check", "compare"
  std::string base, head;  // what was compared, for people
  std::string machine_class, suite;
  std::uint64_t seed = 0;
  int rounds = 0;          // timed pairs up to the first look; 0 against a stored result
  std::vector<int> looks;  // rounds, or launches, after which figures are decided; none: one look at the end
  std::optional<double> budget_s, used_s;  // the job's time; none: it wasn't measured
  std::size_t gated = 0;                   // figures that share kJobLevel
  bool strict = false;
  bool advisory = false;     // nothing here may fail a job
  bool interrupted = false;  // stopped early: the report covers what was measured until then
  std::string calibration;   // a sentence that says what the margins rest on
  std::vector<Decision> decisions;
  std::vector<LeftOut> left_out;
  std::vector<std::string> notes;
};

struct JobRules {
  const NoiseModel* noise = nullptr;  // noise of this machine class; nullptr: margins are the least changes
  bool strict = false;
};

// Says why a figure doesn't gate; "" if it does. Gated are blocking round trips on one CPU and all figures that enough
// identical pairs show to be steady. Of the counts only one gates: system calls before context switches.
std::string why_not_gated(const CaseRounds& c, Metric metric, const NoiseFigure* noise);

// Decides a session of pairs. Candidates without fresh rounds stay candidates. Each figure is decided at the first look
// that can; later rounds don't change it.
JobOutcome decide_job(const PairSession& session, const JobRules& rules);

// Returns the gated candidates that need fresh rounds: the worst ten by how far their interval exceeds the margin.
std::vector<const Decision*> to_confirm(const JobOutcome& outcome);

// Returns the overall verdict. A proven regression outranks a broken arm.
JobVerdict verdict_of(const JobOutcome& outcome);
// Returns 0 pass, 1 regression, 3 too noisy, 4 invalid, 5 not comparable, 77 all skipped, 130 interrupted.
int exit_code_of(JobVerdict verdict) noexcept;

}  // namespace ipcbench
