#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "harness/plan/plan_time.h"
#include "harness/run/run_observer.h"
#include "harness/run/run_state.h"

namespace ipcbench {

// Knows how far a run has come and how long the rest takes, and tells the observer. The time left is made of the costs
// that the plan's time is made of, corrected by how long the launches so far took.
class RunProgress {
 public:
  // `state` holds what an earlier part of the run has measured; both must outlive this.
  RunProgress(const RunState& state, RunObserver& observer);

  // Tells what is done next; the stage stays until the next call.
  void report(std::string_view stage, const std::string& case_id = "");
  void launched(const LaunchRecord& launch);

  // Says what has been done.
  void count_launch() noexcept { ++done_; }
  void add_time(std::chrono::nanoseconds taken, double expected_ns) noexcept;
  void host_measured() noexcept;
  void floors_sampled() noexcept;
  void channel_measured(std::size_t index) noexcept;

  // Says how many launches there are still to come, or more than were known of.
  void expect(std::size_t launches) noexcept { total_ = done_ + launches; }
  void expect_more(std::size_t launches) noexcept { total_ += launches; }

  // Returns the time for repeats, as planned.
  std::chrono::nanoseconds reserve() const noexcept { return reserve_; }
  std::chrono::nanoseconds elapsed() const noexcept { return std::chrono::steady_clock::now() - begin_; }
  // Returns the time and the bytes of messages that are left. The time doesn't include the reserve: only the end shows
  // whether repeats are needed.
  std::chrono::nanoseconds time_left() const;
  double bytes_left() const;
  // Returns the ratio of the launches' actual time to the expected one.
  double slowness() const noexcept { return expected_ns_ > 0 ? taken_ns_ / expected_ns_ : 1; }

 private:
  Progress progress_of(const std::string& case_id) const;
  Cost cost_left(const RunCase& c) const;

  const RunState& state_;
  RunObserver& observer_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::string stage_;
  std::size_t done_ = 0, total_ = 0;  // launches
  double taken_ns_ = 0;               // time that launches took
  double expected_ns_ = 0;            // and should have taken
  std::chrono::nanoseconds reserve_{};
  // Time still to come, besides the cases'.
  std::chrono::nanoseconds fixed_left_{}, floors_left_{}, memory_left_{};
};

}  // namespace ipcbench
