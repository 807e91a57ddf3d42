// Checks what the harness says of open loops: all that the self-test checks, and overloads that are known beforehand.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/launch/launch.h"
#include "harness/measure/clock_choice.h"
#include "harness/process/affinity.h"
#include "harness/selftest/selftest.h"

namespace ipcbench {
namespace {

// Returns what was seen of each check that is missed.
std::map<std::string, std::string> missed_in(const SelftestOutcome& found) {
  std::map<std::string, std::string> missed;
  for (const SelfCheck& check : found.checks) {
    if (check.outcome == CheckOutcome::missed)
      missed[check.name] = fmt::format("expected {}\n  saw      {}", check.expected, check.seen);
  }
  return missed;
}

// On a machine that is too noisy a check may stay undecided. Whoever misses a check because of what else ran doesn't
// miss it twice.
TEST(LoadSelftest, MissesNothing) {
  const SelftestRequest request{.checks_loads = true};
  const SelftestOutcome found = run_selftest(Topology::of_this_machine(), request, nullptr);
  EXPECT_FALSE(found.stopped);
  if (const auto missed = missed_in(found); !missed.empty()) {
    for (const auto& [name, seen] : missed) fmt::print("once: {}\n  {}\n", name, seen);
    for (const auto& [name, seen] : missed_in(run_selftest(Topology::of_this_machine(), request, nullptr)))
      EXPECT_EQ(missed.count(name), 0u) << name << "\n  " << seen;
  }
  std::set<std::string> checked;
  for (const SelfCheck& check : found.checks) checked.insert(check.name);
  for (const char* name : {"stopped sender, pipe", "stopped answerer, pipe", "stopped receiver, pipe",
                           "stopped sender, posix-shm", "stopped answerer, posix-shm", "stopped receiver, posix-shm",
                           "overload, rate", "late pacer, rate", "schedule, rate", "one way, rate"}) {
    EXPECT_EQ(checked.count(name), 1u) << name;
  }
}

// A consumer that works 100 us on each message takes 10 000 a second. Noise can only add overloads.
TEST(LoadSelftest, AnOverloadIsFoundInTwentyLaunchesOfTwenty) {
  constexpr int kLaunches = 20;
  const std::vector<int> cpus = allowed_cpus();
  const ClockChoice clock = choose_clock(cpus);
  RunDir run_dir = RunDir::create();
  for (const std::uint64_t rate : {5'000u, 8'000u, 11'000u}) {
    const CaseSpec spec{.scenario = Scenario::rate,
                        .transport = "delay-100us",
                        .size = 64,
                        .options = {{"rate", std::to_string(rate)}}};
    int overloaded = 0;
    for (int i = 0; i < kLaunches; ++i) {
      const LaunchRecord record = launch({.spec = spec,
                                          .cpus = {cpus.front(), cpus.back()},
                                          .block_ops = rate / 4,
                                          .warmup_ops = 100,
                                          .deadline = std::chrono::seconds(60),
                                          .clock = clock.clock},
                                         run_dir)
                                      .record;
      ASSERT_EQ(record.status, Status::ok) << record.reason;
      overloaded += record.load->overloaded ? 1 : 0;
    }
    const std::string text = fmt::format("{} of {} overloaded at {} a second", overloaded, kLaunches, rate);
    fmt::print("{}\n", text);
    if (rate > 10'000) {
      EXPECT_EQ(overloaded, kLaunches) << text;
    } else {
      EXPECT_LT(overloaded, kLaunches / 2) << text;
    }
  }
}

}  // namespace
}  // namespace ipcbench
