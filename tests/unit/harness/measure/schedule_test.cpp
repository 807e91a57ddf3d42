#include "harness/measure/schedule.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/measure/pacer.h"
#include "harness/selftest/load_checks.h"

namespace ipcbench {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

std::vector<std::uint64_t> times_of(const OpenLoop& loop, std::size_t count, std::uint64_t seed = 1) {
  Schedule schedule(loop, seed);
  std::vector<std::uint64_t> times;
  while (times.size() < count) times.push_back(schedule.next());
  return times;
}

TEST(Schedule, ThatIsConstantHasTheRateAndNoDrift) {
  EXPECT_THAT(times_of({.rate_per_s = 3}, 5), ElementsAre(0, 333'333'333, 666'666'666, 1'000'000'000, 1'333'333'333));
  EXPECT_EQ(times_of({.rate_per_s = 7'000'000}, 7'000'001).back(), 1'000'000'000u);
}

TEST(Schedule, OfBurstsHasThemTogetherAtTheSameRate) {
  EXPECT_THAT(times_of({.rate_per_s = 1000, .arrivals = Arrivals::burst, .burst = 3}, 7),
              ElementsAre(0, 0, 0, 3'000'000, 3'000'000, 3'000'000, 6'000'000));
}

TEST(Schedule, WithoutARateIsAlwaysLate) { EXPECT_THAT(times_of({}, 100), Each(0)); }

// The seed is fixed; of others, one in a thousand would have a distance over 1.95.
TEST(Schedule, ThatIsRandomHasExponentialGaps) {
  const std::vector<std::uint64_t> times = times_of({.rate_per_s = 20'000, .arrivals = Arrivals::poisson}, 20'000);
  EXPECT_LT(exponential_distance(gaps_in_time(times, times), 50'000), 1.95);
  EXPECT_GT(times.front(), 0u) << "the first message comes after a gap, too";
}

TEST(Schedule, IsTheSameFromTheSeedAndAnotherFromAnother) {
  const OpenLoop loop{.rate_per_s = 1000, .arrivals = Arrivals::poisson};
  EXPECT_EQ(times_of(loop, 1000, 7), times_of(loop, 1000, 7));
  EXPECT_NE(times_of(loop, 1000, 7), times_of(loop, 1000, 8));
}

TEST(OpenLoopOptions, AreDecodedInTheirOrder) {
  const OpenLoop defaults = open_loop(std::vector<std::uint64_t>(8));
  EXPECT_FALSE(defaults.is_paced());
  EXPECT_EQ(defaults.silence_ns, 0u);
  EXPECT_EQ(defaults.arrivals, Arrivals::constant);
  EXPECT_EQ(defaults.form, LoopForm::one_way);
  EXPECT_EQ(defaults.pacing, Pacing::sleep);
  const OpenLoop given = open_loop(std::vector<std::uint64_t>{20'000, 0, numbered_choice(2, 8), 1, 1, 0});
  EXPECT_EQ(given.rate_per_s, 20'000u);
  EXPECT_EQ(given.arrivals, Arrivals::burst);
  EXPECT_EQ(given.burst, 8u);
  EXPECT_EQ(given.form, LoopForm::round_trip);
  EXPECT_EQ(given.pacing, Pacing::spin);
}

TEST(Pacer, NeverReturnsBeforeItsTime) {
  const Clock clock{};
  for (const Pacing pacing : {Pacing::sleep, Pacing::spin}) {
    const Pacer pacer(pacing, clock);
    for (const std::uint64_t wait_ns : {0u, 1u, 1000u, 300'000u}) {
      const std::uint64_t due = clock.end() + clock.to_ticks(wait_ns);
      const std::uint64_t reading = pacer.until(due);
      EXPECT_GE(reading, due);
      EXPECT_LE(reading, clock.end());
    }
    EXPECT_GE(pacer.until(0), 1u) << "a time that has passed";
  }
}

TEST(Clock, ConvertsNanosecondsToTicksAndBack) {
  const Clock clock{.kind = ClockKind::tsc, .ns_per_tick_q32 = (std::uint64_t{1} << 32) * 10 / 27};  // 2.7 GHz
  EXPECT_EQ(clock.to_ticks(0), 0u);
  EXPECT_NEAR(static_cast<double>(clock.to_ticks(1'000'000'000)), 2.7e9, 10);
  for (const std::uint64_t ns : {1u, 999u, 123'456'789u}) {
    const std::uint64_t back = clock.to_ns(clock.to_ticks(ns));
    EXPECT_LE(back, ns);
    EXPECT_GE(back + 1, ns);
  }
}

}  // namespace
}  // namespace ipcbench
