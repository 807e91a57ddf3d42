// Stops workers in the middle of open loops. What a block shows of it is bounded from below, whatever the machine does.

#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/launch/launch.h"
#include "harness/process/affinity.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint64_t kRate = 2000, kOps = 800;
constexpr std::uint64_t kGapNs = 1'000'000'000 / kRate, kBlockNs = kOps * kGapNs;

class StoppedWorkers : public testing::TestWithParam<Workers> {
 protected:
  LaunchOutcome run(const std::string& transport, const std::string& form, const WorkerStops& stops,
                    std::chrono::nanoseconds deadline = 60s) {
    CaseSpec spec{
        .scenario = Scenario::rate, .transport = transport, .size = 64, .options = {{"rate", std::to_string(kRate)}}};
    if (form != "one-way") spec.options.emplace("form", form);
    const int cpu = allowed_cpus().front();
    return launch({.spec = spec,
                   .cpus = {cpu, cpu},
                   .block_ops = kOps,
                   .warmup_ops = 100,
                   .deadline = deadline,
                   .workers = GetParam(),
                   .stops = stops,
                   .keeps_times = true},
                  run_);
  }

  RunDir run_ = RunDir::create();
};
INSTANTIATE_TEST_SUITE_P(Workers, StoppedWorkers, testing::ValuesIn(kAllWorkers),
                         [](const auto& param) { return std::string(to_string(param.param)); });

// Whichever side is stopped: a message that is due when the kernel has just said so comes after the stop.
TEST_P(StoppedWorkers, HoldUpWhatIsDueMeanwhile) {
  using Case = std::tuple<const char*, const char*, Role>;
  for (const auto& [transport, form, role] :
       {Case{"pipe", "one-way", Role::producer}, Case{"pipe", "one-way", Role::consumer},
        Case{"pipe", "round-trip", Role::consumer}, Case{"posix-shm", "one-way", Role::producer}}) {
    SCOPED_TRACE(std::string(transport) + " " + form);
    const LaunchOutcome outcome = run(transport, form, {.role = role, .first = 100ms, .length = 40ms});
    ASSERT_EQ(outcome.record.status, Status::ok) << outcome.record.reason;
    ASSERT_THAT(outcome.stops, SizeIs(1));
    const WorkerStop& stop = outcome.stops.front();
    EXPECT_GE(stop.begin_ns, 100'000'000u);
    EXPECT_GE(stop.seen_ns, stop.begin_ns);
    EXPECT_GE(stop.length_ns(), 40'000'000u);
    const bool came_too_late = stop.seen_ns + kGapNs > kBlockNs;
    if (came_too_late || outcome.record.load->overloaded) continue;
    // A busy machine may have told the coordinator of the stop when that was over.
    EXPECT_GE(*outcome.record.load->response_max_ns + static_cast<double>(stop.seen_ns + kGapNs),
              static_cast<double>(stop.end_ns));
  }
}

// A coordinator that gets no CPU comes late, and may find the block at its end.
TEST_P(StoppedWorkers, AreStoppedAsOftenAsAsked) {
  constexpr std::size_t kStops = 10;
  const LaunchOutcome outcome =
      run("pipe", "one-way", {.role = Role::producer, .first = 20ms, .length = 1ms, .period = 5ms, .count = kStops});
  ASSERT_EQ(outcome.record.status, Status::ok) << outcome.record.reason;
  ASSERT_FALSE(outcome.stops.empty());
  std::uint64_t before = 0;
  for (const WorkerStop& stop : outcome.stops) {
    EXPECT_GE(stop.begin_ns, before);
    EXPECT_GE(stop.length_ns(), 1'000'000u);
    before = stop.end_ns;
  }
  if (before < kBlockNs / 2) {
    EXPECT_THAT(outcome.stops, SizeIs(kStops));
  }
}

TEST_P(StoppedWorkers, AreKilledAtTheDeadlineWhileTheyAreStopped) {
  const LaunchOutcome outcome = run("pipe", "one-way", {.role = Role::consumer, .length = 1h}, 300ms);
  EXPECT_EQ(outcome.record.status, Status::timed_out);
  EXPECT_THAT(outcome.record.reason, HasSubstr("not done by the deadline"));
  EXPECT_THAT(outcome.times.sent_ns, IsEmpty());
}

TEST_P(StoppedWorkers, AreNotStoppedOnceOneHasEnded) {
  const LaunchOutcome outcome = run("die", "one-way", {.role = Role::producer, .first = 1h, .length = 1h});
  EXPECT_EQ(outcome.record.status, Status::crashed);
  EXPECT_THAT(outcome.record.reason, HasSubstr("consumer killed by SIGKILL"));
  EXPECT_THAT(outcome.stops, IsEmpty());
}

TEST_P(StoppedWorkers, LeaveWhenEachMessageWasSent) {
  const LaunchOutcome outcome = run("pipe", "one-way", {.first = 20ms, .length = 1ms});
  ASSERT_EQ(outcome.record.status, Status::ok) << outcome.record.reason;
  ASSERT_THAT(outcome.times.sent_ns, SizeIs(kOps));
  ASSERT_THAT(outcome.times.planned_ns, SizeIs(kOps));
  for (std::size_t i = 0; i < kOps; ++i) {
    ASSERT_EQ(outcome.times.planned_ns[i], i * kGapNs);
    ASSERT_GE(outcome.times.sent_ns[i], outcome.times.planned_ns[i]) << i;
  }
}

}  // namespace
}  // namespace ipcbench
