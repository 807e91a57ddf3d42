#include "harness/selftest/live_checks.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipcbench {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kSecond = 1'000'000'000;

SystemCounters stolen(std::uint64_t ns) { return {.steal_ns = ns, .interrupts = 0}; }

HostCheck canaries(std::size_t near, std::size_t far) {
  CanaryWatch watch;
  watch.rtt_ns.assign(near, 115);
  watch.rtt_ns.insert(watch.rtt_ns.end(), far, 500);
  return canary_check(Placement::same_l3, {2, 3}, watch);
}

TEST(LiveChecks, StealIsAPartOfAllCpusTime) {
  EXPECT_EQ(steal_check(stolen(5), stolen(5), 2, kSecond).severity, Severity::fine);
  const HostCheck noisy = steal_check(stolen(kSecond), stolen(kSecond + kSecond / 5), 2, kSecond);
  EXPECT_EQ(noisy.severity, Severity::noisy);
  EXPECT_EQ(noisy.value, "10.00 %");
  EXPECT_EQ(steal_check(stolen(0), stolen(kSecond / 200), 1, kSecond).severity, Severity::note);
}

TEST(LiveChecks, StealThatCantBeToldIsANote) {
  EXPECT_EQ(steal_check({}, stolen(1), 2, kSecond).value, "unknown");
  EXPECT_EQ(steal_check(stolen(1), stolen(1), 2, 0).severity, Severity::note);
  EXPECT_EQ(steal_check(stolen(9), stolen(1), 2, kSecond).severity, Severity::fine) << "the machine moved";
}

TEST(LiveChecks, TwoStatesAreNoisyUnlessOneIsRare) {
  EXPECT_EQ(canaries(100, 0).severity, Severity::fine);
  EXPECT_EQ(canaries(100, 0).value, "single 115-115 ns 100.0 %");
  EXPECT_EQ(canaries(75, 25).severity, Severity::noisy);
  EXPECT_EQ(canaries(75, 25).value, "near 115-115 ns 75.0 %, far 500-500 ns 25.0 %");
  EXPECT_THAT(canaries(75, 25).text, HasSubstr("CPUs 2 and 3 (same-l3) has 2 states"));
  EXPECT_EQ(canaries(999, 1).severity, Severity::note);
  EXPECT_EQ(canaries(999, 1).value, "single 115-115 ns 99.9 %, apart 0.1 %");
}

TEST(LiveChecks, NoCanaryIsANote) {
  EXPECT_EQ(canaries(0, 0).severity, Severity::note);
  EXPECT_THAT(canaries(0, 0).text, HasSubstr("not measured: "));
  EXPECT_EQ(not_measured(kStealCheck, "--seconds 0").source, "/proc/stat");
}

TEST(LiveChecks, TheClockSaysWhyItWasChosen) {
  ClockChoice choice;
  choice.clock.kind = ClockKind::tsc;
  choice.cross_cpu_ok = true;
  choice.reason = "the TSC is invariant";
  EXPECT_EQ(clock_check(choice).severity, Severity::fine);
  EXPECT_EQ(clock_check(choice).text, "the TSC is invariant");
  choice.clock.kind = ClockKind::monotonic_raw;
  EXPECT_EQ(clock_check(choice).severity, Severity::note);
  choice.cross_cpu_ok = false;
  EXPECT_EQ(clock_check(choice).severity, Severity::wrong);
}

}  // namespace
}  // namespace ipcbench
