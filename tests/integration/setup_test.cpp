// Checks the scenario setup: channels made, connected and taken down.

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "harness/launch/launch.h"
#include "harness/measure/clock_choice.h"
#include "harness/process/affinity.h"

namespace ipcbench {
namespace {

class SetupScenario : public testing::Test {
 protected:
  LaunchOutcome run(const std::string& transport, std::uint64_t channels, bool pilot = false) {
    const int cpu = allowed_cpus().front();
    const CaseSpec spec{.scenario = Scenario::setup, .transport = transport, .size = 64};
    return launch({.spec = spec,
                   .cpus = {cpu, cpu},
                   .block_ops = channels,
                   .pilot = std::chrono::nanoseconds(pilot ? 1 : 0),
                   .deadline = std::chrono::seconds(60)},
                  run_);
  }

  RunDir run_ = RunDir::create();
};

TEST_F(SetupScenario, TimesEachPart) {
  for (const char* transport : {"pipe", "unix-stream", "tcp", "posix-shm", "sysv-mq"}) {
    const LaunchRecord record = run(transport, 20).record;
    ASSERT_EQ(record.status, Status::ok) << transport << ": " << record.reason;
    ASSERT_TRUE(record.setup);
    EXPECT_EQ(record.verified, 20u);
    // Each step needs at least one system call.
    EXPECT_GT(record.setup->create_ns, 100) << transport;
    EXPECT_GT(record.setup->connect_ns, 100) << transport;
    EXPECT_GT(record.setup->teardown_ns, 100) << transport;
  }
}

TEST_F(SetupScenario, ItsPilotTellsTheTimeOfAChannel) {
  const LaunchOutcome outcome = run("pipe", 0, true);
  ASSERT_EQ(outcome.record.status, Status::ok) << outcome.record.reason;
  const SetupRecord& setup = *outcome.record.setup;
  EXPECT_GT(outcome.pilot_op_ns, setup.create_ns + setup.connect_ns + setup.teardown_ns);
}

// Rule 18 holds for set-up, too: its time depends on the distance between the two CPUs.
TEST_F(SetupScenario, OnTwoCpusCanariesBracketIt) {
  const std::vector<int> cpus = allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "needs two CPUs";
  const CaseSpec spec{.scenario = Scenario::setup, .transport = "pipe", .size = 64};
  const LaunchRecord record = launch({.spec = spec,
                                      .cpus = {cpus[0], cpus[1]},
                                      .block_ops = 20,
                                      .deadline = std::chrono::seconds(60),
                                      .clock = choose_clock(cpus).clock},
                                     run_)
                                  .record;
  ASSERT_EQ(record.status, Status::ok) << record.reason;
  ASSERT_TRUE(record.canary_ns);
  for (const double canary_ns : *record.canary_ns) EXPECT_GT(canary_ns, 1);
  EXPECT_FALSE(run("pipe", 20).record.canary_ns) << "one CPU has no distance";
}

TEST_F(SetupScenario, AFailureIsTheWorkersOwn) {
  const LaunchRecord record = run("refuse", 20).record;
  EXPECT_EQ(record.status, Status::crashed);
  EXPECT_EQ(record.phase, Phase::setup);
  EXPECT_EQ(record.reason, "consumer: open the refused channel: Permission denied");
}

// The producer sees the channel of a killed consumer close, and may say so first.
TEST_F(SetupScenario, ThatAWorkerWasKilledIsTheCauseOfWhatItsPeerSays) {
  for (int i = 0; i < 20; ++i) {
    const LaunchRecord record = run("die-opening", 20).record;
    EXPECT_EQ(record.status, Status::crashed);
    EXPECT_EQ(record.reason, "consumer killed by SIGKILL");
  }
}

}  // namespace
}  // namespace ipcbench
