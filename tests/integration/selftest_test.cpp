// The harness, shown transports that lie.

#include "harness/run/selftest.h"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run/launch.h"

namespace ipcbench {
namespace {

LaunchRecord run_lie(const char* transport, Scenario scenario, std::uint64_t warmup_ops) {
  RunDir run_dir = RunDir::create();
  const CaseSpec spec{.scenario = scenario, .transport = transport, .size = 64};
  return launch({.spec = spec,
                 .cpus = {.producer = -1, .consumer = -1},
                 .block_ops = 1000,
                 .warmup_ops = warmup_ops,
                 .deadline = std::chrono::seconds(60),
                 .clock = {}},
                run_dir)
      .record;
}

// A known delay and known stalls are read from the clock: another process on this CPU moves them, a harness that reads
// them wrong does so every time.
bool is_timed(const SelfCheck& check) {
  const std::string lie = check.name.substr(0, check.name.find(','));
  return lie == "delay" || lie == "stall" || lie == "null";
}

TEST(Selftest, CatchesEveryLie) {
  constexpr int kTries = 5;
  std::set<std::string> caught;
  std::set<std::string> missed;
  for (int attempt = 0; attempt < kTries && (attempt == 0 || !missed.empty()); ++attempt) {
    missed.clear();
    const SelftestReport report = run_selftest(Topology::of_this_machine(), nullptr);
    EXPECT_FALSE(report.stopped);
    for (const SelfCheck& check : report.checks) {
      const std::string text = check.name + "\n  expected " + check.expected + "\n  saw      " + check.seen;
      if (!is_timed(check)) {
        EXPECT_TRUE(check.passed) << text;
      } else if (!check.passed) {
        missed.insert(text);
      }
      caught.insert(check.name.substr(0, check.name.find(',')));
    }
  }
  EXPECT_THAT(missed, testing::IsEmpty()) << "in each of " << kTries << " tries";
  for (const char* name : {"corrupt", "delay", "die", "duplicate", "echo-self", "hang", "lose", "refuse", "reorder",
                           "stall", "truncate"}) {
    EXPECT_EQ(caught.count(name), 1u) << name;
  }
}

TEST(Selftest, FindsNothingWrongWithTheHonestCarrier) {
  for (const Scenario scenario : {Scenario::ping_pong, Scenario::streaming}) {
    const LaunchRecord record = run_lie("carrier", scenario, 100);
    EXPECT_EQ(record.status, Status::ok) << record.reason;
  }
}

// What follows message 151 is kept back until the receiver has come through the warm-up.
TEST(Selftest, ALossAtTheEndOfTheWarmUpNeedsNoDeadline) {
  const LaunchRecord record = run_lie("lose", Scenario::streaming, 152);
  EXPECT_EQ(record.status, Status::invalid);
  EXPECT_EQ(record.reason, "consumer: message 150 was lost");
  EXPECT_EQ(record.phase, "warm-up");
}

// The survivor reads end of file and may be reaped first: still the dead one is named.
TEST(Selftest, ADeathIsNeverBlamedOnTheSurvivor) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    const LaunchRecord record = run_lie("die", Scenario::ping_pong, 100);
    ASSERT_EQ(record.reason, "consumer killed by SIGKILL in phase unstamped block after 150 messages");
  }
}

}  // namespace
}  // namespace ipcbench
