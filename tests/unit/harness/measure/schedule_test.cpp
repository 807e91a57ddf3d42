#include "harness/measure/schedule.h"

#include <algorithm>
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

std::vector<std::uint64_t> times_of_share(const OpenLoop& loop, Share share) {
  Schedule schedule(loop, 1, share);
  std::vector<std::uint64_t> times;
  while (times.size() < share.messages) times.push_back(schedule.next());
  return times;
}

// Returns the planned times of `senders` that send `each` messages, in order.
std::vector<std::uint64_t> times_of_all(const OpenLoop& loop, std::uint64_t senders, std::uint64_t each) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t index = 0; index < senders; ++index) {
    const std::vector<std::uint64_t> times =
        times_of_share(loop, {.index = index, .senders = senders, .messages = each});
    all.insert(all.end(), times.begin(), times.end());
  }
  std::ranges::sort(all);
  return all;
}

TEST(Schedule, ThatIsRegularIsDividedAmongSendersInTurn) {
  EXPECT_THAT(times_of_share({.rate_per_s = 1000}, {.index = 2, .senders = 4, .messages = 3}),
              ElementsAre(2'000'000, 6'000'000, 10'000'000));
  EXPECT_EQ(times_of_all({.rate_per_s = 7000}, 3, 100), times_of({.rate_per_s = 7000}, 300));
  const OpenLoop bursts{.rate_per_s = 7000, .arrivals = Arrivals::burst, .burst = 5};
  EXPECT_EQ(times_of_all(bursts, 3, 100), times_of(bursts, 300)) << "a burst is of one sender";
}

// The seed is fixed; of others, one in a thousand would have a distance over 1.95.
TEST(Schedule, ThatIsRandomIsAProcessForEachSenderAndOneTogether) {
  constexpr std::uint64_t kSenders = 8, kEach = 2500;
  const OpenLoop loop{.rate_per_s = 20'000, .arrivals = Arrivals::poisson};
  const std::vector<std::uint64_t> one = times_of_share(loop, {.index = 3, .senders = kSenders, .messages = kEach});
  EXPECT_LT(exponential_distance(gaps_in_time(one, one), 8 * 50'000), 1.95);
  const std::vector<std::uint64_t> all = times_of_all(loop, kSenders, kEach);
  EXPECT_LT(exponential_distance(gaps_in_time(all, all), 50'000), 1.95);
  EXPECT_NE(one, times_of_share(loop, {.index = 4, .senders = kSenders, .messages = kEach}));
}

TEST(Schedule, EndsForAllSendersAtTheSameTime) {
  for (const Arrivals arrivals : {Arrivals::constant, Arrivals::poisson, Arrivals::burst}) {
    const OpenLoop loop{.rate_per_s = 20'000, .arrivals = arrivals, .burst = 4};
    for (std::uint64_t index = 0; index < 5; ++index) {
      const Share share{.index = index, .senders = 5, .messages = 400};
      EXPECT_EQ(Schedule(loop, 1, share).end(), 100'000'000u) << "2000 messages at 20 000 a second";
      EXPECT_LT(times_of_share(loop, share).back(), 100'000'000u);
    }
  }
  EXPECT_EQ(Schedule({}, 1, {.index = 1, .senders = 5, .messages = 400}).end(), 0u) << "all are due at once";
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
    EXPECT_EQ(clock.to_ns(clock.to_ticks(ns)), ns);
  }
}

}  // namespace
}  // namespace ipcbench
