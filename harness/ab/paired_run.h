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

#include "harness/ab/arm.h"
#include "harness/host/topology.h"
#include "harness/measure/clock.h"
#include "harness/plan/plan.h"
#include "harness/run/other_runs.h"
#include "harness/run/run_observer.h"
#include "harness/run_dir/run_dir.h"
#include "results/compare/pairs.h"
#include "results/gate/job_steps.h"
#include "results/model/line_log.h"

namespace ipcbench {

struct PairedOptions {
  PayloadMode payload = PayloadMode::lines;
  std::uint64_t seed = 0;
  int rounds = 40;              // planned timed launches
  std::vector<int> looks = {};  // rounds after which figures are decided; none: nothing is decided here
  std::string output = {};      // file of pairs to append to
  // No round begins later than this after the start; 0: no limit.
  std::chrono::nanoseconds limit{};
};

// Measures rounds of paired launches and stores each pair at once. A round visits every case once, in random order, and
// launches both arms directly after each other. Which arm is first is drawn for two rounds at a time (ABBA or BAAB), so
// that a steady drift cancels. Everything follows from the seed, the stage and the round's number, so that a stopped
// session can resume.
class PairedRun {
 public:
  // Opens the file of pairs, chooses the clock, and measures the hybrid spins. Throws UsageError (the file can't be
  // written, or is another kind of file), NotComparable (it is of another machine class), std::system_error.
  PairedRun(Plan plan, const Topology& topology, Arm base, Arm head, PairedOptions options, RunObserver& observer);

  // Resumes a stopped or killed session under its options: the same cases, lengths, seed and order. Throws
  // NotComparable if it was measured with other builds, settings, clock or machine.
  PairedRun(PairSession stored, Plan plan, const Topology& topology, Arm base, Arm head, PairedOptions options,
            RunObserver& observer);

  // Runs one or two discarded launches of each arm of every case, then stores the header. They find the ops per block,
  // which both arms share, and the cases that an arm lacks. A resumed session needs none. Throws NotComparable if no
  // case is left for both arms.
  void prepare();
  // Returns whether both arms can count system calls; notes which one can't.
  bool counts_calls();
  // Measures the rounds that the step's cases lack, until it is done, a stop is requested, or the limit has passed.
  void measure(const JobStep& step);

  // Sets the number of launches still planned, for the progress.
  void expect(std::size_t launches) noexcept { total_ = done_ + launches; }
  std::vector<std::string> cases() const;     // cases that can be measured
  std::vector<std::string> given_up() const;  // those that aren't measured any more, since their launches broke
  std::chrono::nanoseconds elapsed() const noexcept { return std::chrono::steady_clock::now() - begin_; }

  const PairSession& session() const noexcept { return session_; }

 private:
  PairedRun(Plan plan, Arm base, Arm head, PairedOptions options, RunObserver& observer);

  void choose_clock_for(const Topology& topology);
  void take_up(PairSession stored);
  void open_output();
  void describe(const Topology& topology);
  void pilot(std::size_t index);
  bool take_pair(const JobStep& step, std::size_t index, int round, bool head_first);
  void count_broken(std::size_t index, bool is_head, Status status);
  std::uint64_t seed_of(const JobStep& step) const;
  std::string stage_of(const JobStep& step) const;
  bool is_over() const noexcept { return options_.limit.count() > 0 && elapsed() > options_.limit; }
  // `warmup_ops` 0: the arm chooses.
  ArmOutcome launch(const Arm& arm, std::size_t index, std::uint64_t ops, std::uint64_t warmup_ops, std::uint64_t seed,
                    bool counts);
  void look_for_other_runs();
  bool gave_up(std::size_t index) const { return std::max(broken_[index][0], broken_[index][1]) >= kBrokenToGiveUp; }
  Progress progress(std::string_view stage, std::string_view case_id) const;

  static constexpr int kBrokenToGiveUp = 2;

  Plan plan_;
  Arm base_, head_;
  PairedOptions options_;
  RunObserver& observer_;
  RunDir run_dir_;  // empty: makes this run visible to others
  OtherRuns other_runs_;
  Clock clock_;
  std::unique_ptr<LineLog> log_;
  PairSession session_;
  // By case and arm: failed launches; a wrong message counts as enough to give up.
  std::vector<std::array<int, 2>> broken_;
  bool is_resumed_ = false;
  double earlier_s_ = 0;  // seconds that earlier parts of a resumed session took
  std::size_t done_ = 0, total_ = 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace ipcbench
