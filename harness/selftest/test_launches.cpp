#include "harness/selftest/test_launches.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/host/cast_cpus.h"
#include "harness/launch/launch.h"
#include "harness/process/stop_signals.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kSeed = 0x5e1f7e57;

}  // namespace

TestLaunches::TestLaunches(const Clock& clock, Workers workers, RunObserver* observer)
    : clock_(clock), workers_(workers), observer_(observer) {}

LaunchOutcome TestLaunches::run(const TestJob& job, CpuPair cpus) {
  const CaseSpec spec{.scenario = job.scenario,
                      .transport = std::string(job.transport),
                      .wait = job.wait,
                      .size = job.size,
                      .options = job.options};
  const std::string id = spec.id();
  if (observer_ != nullptr) {
    const std::chrono::nanoseconds elapsed = Time::now() - begin_;
    const std::size_t left = total_ - std::min(total_, done_);
    observer_->progress({.stage = "selftest",
                         .case_id = id,
                         .done = done_,
                         .total = total_,
                         .elapsed = elapsed,
                         .left = elapsed * left / std::max<std::size_t>(done_, 1)});
  }
  ++done_;
  const Pattern pattern = cast_of(spec).pattern;
  LaunchOutcome outcome = launch({.spec = spec,
                                  .cpus = cpus,
                                  .seat_cpus = cast_cpus(cpus, pattern.producers, pattern.consumers),
                                  .seed = kSeed + done_,
                                  .block_ops = job.ops,
                                  .warmup_ops = job.warmup,
                                  .deadline = job.deadline,
                                  .clock = clock_,
                                  .workers = workers_,
                                  .stops = job.stops,
                                  .keeps_times = job.keeps_times},
                                 run_dir_);
  interrupted_ = interrupted_ || outcome.interrupted;
  return outcome;
}

std::optional<LaunchOutcome> TestLaunches::sound(const TestJob& job, CpuPair cpus, std::string& broken) {
  LaunchOutcome outcome = run(job, cpus);
  if (outcome.record.status == Status::ok) return outcome;
  broken = fmt::format("{}: {}: {}", job.transport, to_string(outcome.record.status), outcome.record.reason);
  return std::nullopt;
}

void TestLaunches::plan(std::size_t launches) noexcept { total_ = std::max(total_, done_ + launches); }

bool TestLaunches::stopped() const noexcept { return interrupted_ || stop_requested(); }

}  // namespace ipcbench
