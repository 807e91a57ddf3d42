#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/host/topology.h"
#include "harness/launch/launch_request.h"
#include "harness/run/run_observer.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// The deadline of launches that end by themselves.
inline constexpr std::chrono::seconds kGenerous{60};

// TestJob describes a launch of the self-test.
struct TestJob {
  Scenario scenario = Scenario::ping_pong;
  std::string_view transport;
  WaitStrategy wait = WaitStrategy::block;
  std::size_t size = 64;
  std::map<std::string, std::string, std::less<>> options = {};
  std::uint64_t warmup = 100;  // fewer than the number of the faulty message: 110
  std::uint64_t ops = 1000;
  std::chrono::nanoseconds deadline = kGenerous;
  std::optional<WorkerStops> stops = {};
  bool keeps_times = false;
};

// TestLaunches runs the launches of a self-test and reports its progress.
class TestLaunches {
 public:
  // `observer` may be null. Throws std::system_error.
  TestLaunches(const Clock& clock, Workers workers, RunObserver* observer);

  LaunchOutcome run(const TestJob& job, CpuPair cpus);
  // Returns the outcome of a launch that ended well; else none, and `broken` says what happened.
  std::optional<LaunchOutcome> sound(const TestJob& job, CpuPair cpus, std::string& broken);

  // Says that so many launches more are planned at least.
  void plan(std::size_t launches) noexcept;
  // Returns whether the user wants to stop. `interrupted`: at once, so that the last record says nothing.
  bool stopped() const noexcept;
  bool interrupted() const noexcept { return interrupted_; }

 private:
  using Time = std::chrono::steady_clock;

  Clock clock_;
  Workers workers_;
  RunObserver* observer_;
  RunDir run_dir_ = RunDir::create();
  std::size_t total_ = 0;
  std::size_t done_ = 0;
  Time::time_point begin_ = Time::now();
  bool interrupted_ = false;
};

}  // namespace ipcbench
