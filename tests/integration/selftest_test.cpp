// The harness, shown transports that lie.

#include "harness/run/selftest.h"

#include "harness/run/launch.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

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

TEST(Selftest, CatchesEveryLie) {
  const SelftestReport report = run_selftest(Topology::of_this_machine(), nullptr);
  EXPECT_FALSE(report.stopped);
  std::set<std::string> names;
  for (const SelfCheck& check : report.checks) {
    EXPECT_TRUE(check.passed) << check.name << "\n  expected " << check.expected << "\n  saw      " << check.seen;
    names.insert(check.name.substr(0, check.name.find(',')));
  }
  for (const char* name : {"corrupt", "delay", "die", "duplicate", "echo-self", "hang", "lose", "refuse", "reorder",
                           "stall", "truncate"}) {
    EXPECT_EQ(names.count(name), 1u) << name;
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
