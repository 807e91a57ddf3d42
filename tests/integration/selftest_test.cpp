// Checks the harness against faulty transports.

#include "harness/selftest/selftest.h"

#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli.h"
#include "harness/launch/launch.h"
#include "harness/process/affinity.h"
#include "harness/process/child.h"

namespace ipcbench {
namespace {

LaunchRecord run_faulty(const char* transport, Scenario scenario, std::uint64_t warmup_ops,
                        std::uint64_t block_ops = 1000) {
  RunDir run_dir = RunDir::create();
  const CaseSpec spec{.scenario = scenario, .transport = transport, .size = 64};
  return launch({.spec = spec,
                 .cpus = {.producer = -1, .consumer = -1},
                 .block_ops = block_ops,
                 .warmup_ops = warmup_ops,
                 .deadline = std::chrono::seconds(60),
                 .clock = {}},
                run_dir)
      .record;
}

bool is_timed(const SelfCheck& check) {
  const std::string fault = check.name.substr(0, check.name.find(','));
  return fault == "busy" || fault == "delay" || fault == "stall" || fault == "null";
}

// On a machine that is too noisy a timed check may stay undecided, but must never be missed.
TEST(Selftest, CatchesEveryFault) {
  const SelftestOutcome found = run_selftest(Topology::of_this_machine(), {}, nullptr);
  EXPECT_FALSE(found.stopped);
  std::set<std::string> checked;
  for (const SelfCheck& check : found.checks) {
    const std::string text = check.name + "\n  expected " + check.expected + "\n  saw      " + check.seen;
    EXPECT_NE(check.outcome, CheckOutcome::missed) << text;
    if (!is_timed(check)) {
      EXPECT_EQ(check.outcome, CheckOutcome::ok) << text;
    }
    checked.insert(check.name.substr(0, check.name.find(',')));
  }
  EXPECT_NE(found.worst(), CheckOutcome::missed);
  for (const char* name : {"busy", "corrupt", "delay", "die", "die-opening", "duplicate", "echo-self", "hang", "lose",
                           "no-lock", "null", "refuse", "reorder", "stall", "truncate"}) {
    EXPECT_EQ(checked.count(name), 1u) << name;
  }
}

// Where the check of two CPUs can't run, it is reported as skipped, with the reason.
TEST(Selftest, OnOneCpuTheCheckOfTwoIsSkippedWithItsReason) {
  const std::vector<int> allowed = allowed_cpus();
  Child child = Child::spawn("one-cpu", [&] {
    pin_to(Cpu{allowed.front()});
    const SelftestOutcome found = run_selftest(Topology::of_this_machine(), {}, nullptr);
    for (const SelfCheck& check : found.checks) {
      if (check.name == "busy, two CPUs")
        return check.outcome == CheckOutcome::skipped && check.seen.find("two CPUs") != std::string::npos ? 0 : 1;
    }
    return 2;
  });
  EXPECT_EQ(child.wait().code, 0);
}

using SelftestProgram = Cli;

// A harness that adds a constant 5 us to each round trip, which a difference of two delays can't reveal.
TEST_F(SelftestProgram, SaysThatAConstantErrorOfTheHarnessIsMissed) {
  const Outcome outcome = shell("IPCBENCH_INJECT=harness:+5000ns \"$ipcbench\" selftest");
  if (outcome.code == 2 && outcome.err.find("can't inject") != std::string::npos) GTEST_SKIP() << outcome.err;
  EXPECT_EQ(outcome.code, 4) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, testing::ContainsRegex("MISSED +busy, one process +[^\n]* p50 15\\.[0-9]+ us"));
  EXPECT_THAT(outcome.out, testing::HasSubstr(" missed"));
  EXPECT_THAT(outcome.out, testing::HasSubstr("open loops (scenario rate) were not checked: --loads"));
}

TEST(Selftest, AMissOutweighsWhatIsUndecidedAndThatWhatIsOk) {
  const auto outcome_of = [](std::vector<CheckOutcome> outcomes) {
    SelftestOutcome found;
    for (const CheckOutcome outcome : outcomes) found.checks.push_back({"", "", "", outcome});
    return found.worst();
  };
  using enum CheckOutcome;
  EXPECT_EQ(outcome_of({ok, skipped}), ok);
  EXPECT_EQ(outcome_of({ok, undecided, skipped}), undecided);
  EXPECT_EQ(outcome_of({missed, undecided, ok}), missed);
}

TEST(Selftest, FindsNothingWrongWithTheCarrier) {
  for (const Scenario scenario : {Scenario::ping_pong, Scenario::streaming}) {
    const LaunchRecord record = run_faulty("carrier", scenario, 100);
    EXPECT_EQ(record.status, Status::ok) << record.reason;
  }
}

// A slow machine makes launches of the fewest ops that the plan allows.
TEST(Selftest, TheShortestLaunchMeetsItsFault) {
  for (const Scenario scenario : {Scenario::ping_pong, Scenario::streaming}) {
    const LaunchRecord record = run_faulty("corrupt", scenario, 100, kSlices);
    EXPECT_EQ(record.status, Status::invalid) << record.reason;
  }
}

// What follows message 111 is held back until the receiver has finished the warm-up.
TEST(Selftest, ALossAtTheEndOfTheWarmUpNeedsNoDeadline) {
  const LaunchRecord record = run_faulty("lose", Scenario::streaming, 112);
  EXPECT_EQ(record.status, Status::invalid);
  EXPECT_EQ(record.reason, "consumer: message 110 was lost");
  EXPECT_EQ(record.phase, Phase::warm_up);
}

// The survivor reads end of file and may be reaped first; the dead side must still be named.
TEST(Selftest, ADeathIsNeverBlamedOnTheSurvivor) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    const LaunchRecord record = run_faulty("die", Scenario::ping_pong, 100);
    ASSERT_EQ(record.reason, "consumer killed by SIGKILL in phase unstamped block after 110 messages");
  }
}

// The survivor can't open what its peer has closed, and may say so first.
TEST(Selftest, ADeathWhileOpeningIsNeverBlamedOnTheSurvivor) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    const LaunchRecord record = run_faulty("die-opening", Scenario::ping_pong, 100);
    ASSERT_EQ(record.reason, "consumer killed by SIGKILL in phase opening after 0 messages");
  }
}

}  // namespace
}  // namespace ipcbench
