#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "harness/host/topology.h"
#include "harness/plan/plan.h"
#include "harness/plan/plan_time.h"
#include "results/model/record.h"

namespace ipcbench {

// Holds what a run knows of a case.
struct RunCase {
  PlannedCase& planned;  // its lengths are set by its pilot
  CaseRecord& record;
  CaseCost cost;       // by its pilot once that has ended
  int wanted = 0;      // launches
  int failures = 0;    // failed launches; a failed pilot counts as kFailuresToGiveUp
  std::set<int> kept;  // passes whose launch is from an earlier part of the run

  bool gave_up() const noexcept;
  // Returns whether it has had a pilot and may be measured further.
  bool is_measurable() const noexcept { return planned.block_ops != 0 && !gave_up(); }
};

// The failed launches after which the rest of a case is skipped.
inline constexpr int kFailuresToGiveUp = 2;

inline bool RunCase::gave_up() const noexcept { return failures >= kFailuresToGiveUp; }

// Holds the cases of a run: what is planned of each and what has been measured, by the plan's index.
class RunState {
 public:
  // Begins a run of `plan`, for which nothing was measured yet.
  RunState(Plan plan, PayloadMode payload);
  // Takes up a stopped run as if this one had measured what is stored.
  RunState(Plan plan, Result stored);
  RunState(const RunState&) = delete;
  RunState& operator=(const RunState&) = delete;

  const Plan& plan() const noexcept { return plan_; }
  Result& result() noexcept { return result_; }
  const Result& result() const noexcept { return result_; }
  std::vector<RunCase>& cases() noexcept { return cases_; }
  const std::vector<RunCase>& cases() const noexcept { return cases_; }

  // Adds a case with the lengths of a channel that has had its pilot. Returns its index; none if the plan has the case.
  std::optional<std::size_t> add(PlannedCase planned, double op_ns);

  // Returns whether an earlier part of the run has measured the host: it comes before any pilot.
  bool is_host_known() const noexcept { return host_known_; }

  // Sets the lengths of a case by its pilot.
  void set_pilot(std::size_t index, double op_ns);
  // Fixes the rate of an open loop that is a share of saturation, and the lengths that follow.
  void set_rate(std::size_t index, std::uint64_t rate_per_s);
  // Records the lengths that came with the plan, for a case without a pilot of this run.
  void keep_lengths(std::size_t index);

  // Returns whether the case represents its channel, whose memory is measured once: it is the round trip whose size is
  // nearest to 64 bytes in this run.
  bool stands_for_channel(std::size_t index) const;

 private:
  void make_cases();
  RunCase new_case(std::size_t index);

  Plan plan_;
  Result result_;
  std::vector<RunCase> cases_;
  bool host_known_ = false;
};

}  // namespace ipcbench
