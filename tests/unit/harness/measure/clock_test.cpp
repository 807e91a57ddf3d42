#include <array>
#include <cmath>
#include <string>
#include <system_error>
#include <vector>

#include <gtest/gtest.h>

#include "harness/measure/clock_choice.h"
#include "harness/measure/clock_order.h"
#include "harness/process/affinity.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kOneQ32 = std::uint64_t{1} << 32;

TEST(Clock, NanosecondsOfTheRawClockAreItsTicks) {
  const Clock raw;
  EXPECT_EQ(raw.to_ns(0), 0u);
  EXPECT_EQ(raw.to_ns(1), 1u);
  EXPECT_EQ(raw.to_ns((std::uint64_t{1} << 63) - 1), (std::uint64_t{1} << 63) - 1);
}

TEST(Clock, TicksAreConvertedExactlyAndRoundedDown) {
  const Clock two_ghz{.kind = ClockKind::tsc, .ns_per_tick_q32 = kOneQ32 / 2};
  EXPECT_EQ(two_ghz.to_ns(7), 3u);
  EXPECT_EQ(two_ghz.to_ns(std::uint64_t{2'000'000'000} * 86'400), std::uint64_t{1'000'000'000} * 86'400);
  const Clock slow{.kind = ClockKind::tsc, .ns_per_tick_q32 = 40 * kOneQ32};  // 25 MHz
  EXPECT_EQ(slow.to_ns(3), 120u);
}

TEST(Clock, ChosenOneNeverGoesBack) {
  const Clock clock = choose_clock(allowed_cpus()).clock;
  std::uint64_t last = clock.begin();
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t begin = clock.begin();
    const std::uint64_t end = clock.end();
    ASSERT_LE(last, begin);
    ASSERT_LE(begin, end);
    last = end;
  }
}

TEST(Clock, ChoiceIsComplete) {
  const ClockChoice choice = choose_clock(allowed_cpus());
  EXPECT_FALSE(choice.reason.empty());
  EXPECT_GT(choice.overhead_ns, 0);
  EXPECT_GT(choice.resolution_ns, 0);
  if (choice.clock.kind == ClockKind::tsc) {
    EXPECT_TRUE(choice.cross_cpu_ok);
    EXPECT_GT(choice.hz, 1e6);
    EXPECT_NEAR(static_cast<double>(choice.clock.ns_per_tick_q32) / static_cast<double>(kOneQ32) * choice.hz, 1e9, 1);
  } else {
    EXPECT_EQ(choice.hz, 1e9);
    EXPECT_EQ(choice.clock.to_ns(12'345), 12'345u);
  }
}

// Two calibrations, each with an error of less than 1 ppm.
TEST(Clock, IndependentChoicesAgreeOnTheRate) {
  const int cpu = allowed_cpus().front();
  const ClockChoice first = choose_clock({&cpu, 1});
  const ClockChoice second = choose_clock({&cpu, 1});
  ASSERT_EQ(first.clock.kind, second.clock.kind);
  EXPECT_LT(std::abs(first.hz / second.hz - 1), 2e-6);
}

TEST(Clock, ChosenOneRunsAsFastAsTheKernels) {
  const Clock clock = choose_clock(allowed_cpus()).clock;
  // The intervals are nested: the inner one can't be longer, whatever interrupts the test. 1 us allows for fractions.
  const Clock raw;
  const auto busy = [](const Clock& with, std::uint64_t ns) {
    const std::uint64_t begin = with.begin();
    while (with.to_ns(with.end() - begin) < ns) {
    }
  };
  const std::uint64_t raw_begin = raw.begin();
  const std::uint64_t begin = clock.begin();
  busy(raw, 20'000'000);
  const std::uint64_t inner_ns = clock.to_ns(clock.end() - begin);
  EXPECT_LE(inner_ns, (raw.end() - raw_begin) + 1'000);
  EXPECT_GE(inner_ns + 1'000, 20'000'000u);
}

TEST(Clock, ChoosingGivesTheAffinityBack) {
  const std::vector<int> before = allowed_cpus();
  choose_clock(before);
  EXPECT_EQ(allowed_cpus(), before);
}

TEST(Clock, RefusesACpuThatDoesNotExist) {
  const std::vector<int> before = allowed_cpus();
  const int cpu = 1'000'000;
  EXPECT_THROW(choose_clock({&cpu, 1}), std::system_error);
  EXPECT_EQ(allowed_cpus(), before);
}

TEST(ClockOrder, OneCpuOrNoneIsInOrder) {
  const int cpu = allowed_cpus().front();
  EXPECT_TRUE(test_clock_order(Clock{}, {}).ok);
  EXPECT_TRUE(test_clock_order(Clock{}, {&cpu, 1}).ok);
  EXPECT_EQ(test_clock_order(Clock{}, {&cpu, 1}).exchanges, 0u);
}

TEST(ClockOrder, RawClockIsInOrderAcrossCpus) {
  const std::vector<int> cpus = allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "one CPU allowed";
  const ClockOrder order = test_clock_order(Clock{}, cpus);
  if (order.problem.find("managed only") != std::string::npos) GTEST_SKIP() << order.problem;
  EXPECT_TRUE(order.ok) << order.problem;
  EXPECT_GE(order.exchanges, 1'000u);
  ASSERT_FALSE(order.pairs.empty());
  const ClockPairRecord pair = pair_record(order.pairs.front(), Clock{});
  EXPECT_EQ(pair.cpus[0], cpus[0]);
  EXPECT_GE(pair.error_ns, std::abs(pair.offset_ns)) << "a stamp never arrives before it was sent";
  EXPECT_GT(pair.error_ns, 0);
}

// Rule 25: with stamps that take at least 120 ns there and 80 ns back, the second clock is 20 ns ahead, give or take
// 100.
TEST(ClockOrder, TellsTheOffsetOfTwoClocksAndItsError) {
  const ClockPairRecord pair = pair_record({.first = 2, .second = 3, .there_ticks = 120, .back_ticks = 80}, Clock{});
  EXPECT_EQ(pair.cpus, (std::array{2, 3}));
  EXPECT_EQ(pair.offset_ns, 20);
  EXPECT_EQ(pair.error_ns, 100);
}

}  // namespace
}  // namespace ipcbench
