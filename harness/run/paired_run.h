#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/measure/clock.h"
#include "harness/os/run_dir.h"
#include "harness/os/topology.h"
#include "harness/run/arm.h"
#include "harness/run/other_runs.h"
#include "harness/run/plan.h"
#include "harness/run/runner.h"
#include "results/line_log.h"
#include "results/pairs.h"

namespace ipcbench {

struct PairedOptions {
  PayloadMode payload = PayloadMode::lines;
  std::uint64_t seed = 0;
  int rounds = 40;          // of timed launches, as planned
  std::string output = {};  // the file of pairs; appended to
};

// Rounds of paired launches, stored as they come. A round visits every case once, in a random order of its own, and
// launches both arms one right after the other; which of them comes first alternates with every two rounds, as a coin
// decides (ABBA or BAAB), so that a steady drift cancels. All from the seed.
class PairedRun {
 public:
  // Opens the file of pairs, chooses the clock, and measures what hybrid waits spin for. Throws UsageError (the file
  // can't be written, or is no such file), NotComparable (it is of another machine class), std::system_error.
  PairedRun(Plan plan, const Topology& topology, Arm base, Arm head, PairedOptions options, RunObserver& observer);

  // One discarded launch or two of each arm of every case: finds the ops per block, the same for both arms, and the
  // cases that an arm lacks. Then the header is stored. Throws NotComparable where no case is left to both.
  void prepare();
  // Rounds of launches that count system calls; none where an arm can't.
  void count_calls(std::size_t rounds);
  void measure(std::size_t rounds);
  // Fresh rounds of the cases of these ids, of timed launches or of those that count.
  void confirm(const std::vector<std::string>& ids, std::size_t rounds);
  void confirm_calls(const std::vector<std::string>& ids, std::size_t rounds);

  // What all of this comes to, for the progress: launches that are still planned.
  void expect(std::size_t launches) noexcept { total_ = done_ + launches; }
  std::size_t cases() const noexcept;  // that can be measured

  const PairSession& session() const noexcept { return session_; }

 private:
  struct Stage {
    std::string_view name;
    bool counts = false;
    bool confirms = false;
  };

  void open_output();
  void describe(const Topology& topology);
  void pilot(std::size_t index);
  void run_rounds(const Stage& stage, std::size_t rounds, const std::vector<bool>& chosen);
  bool take_pair(const Stage& stage, std::size_t index, int round, bool head_first);
  // `warmup_ops`, 0: the arm's own affair.
  ArmOutcome launch(const Arm& arm, std::size_t index, std::uint64_t ops, std::uint64_t warmup_ops, std::uint64_t seed,
                    bool counts);
  void look_for_other_runs();
  bool gave_up(std::size_t index) const { return std::max(broken_[index][0], broken_[index][1]) >= kBrokenToGiveUp; }
  std::vector<bool> all_cases() const { return std::vector<bool>(plan_.cases.size(), true); }
  std::vector<bool> cases_of(const std::vector<std::string>& ids) const;
  Progress progress(std::string_view stage, std::string_view case_id) const;

  static constexpr int kBrokenToGiveUp = 2;

  Plan plan_;
  Arm base_, head_;
  PairedOptions options_;
  RunObserver& observer_;
  RunDir run_dir_;  // empty: shows other runs that this one lives
  OtherRuns other_runs_;
  Clock clock_;
  std::unique_ptr<LineLog> log_;
  PairSession session_;
  std::vector<std::array<int, 2>> broken_;  // by case and arm: launches that broke; a wrong message counts as enough
  std::uint64_t stages_ = 0;
  std::size_t done_ = 0, total_ = 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace ipcbench
