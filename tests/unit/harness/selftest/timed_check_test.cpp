#include "harness/selftest/timed_check.h"

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TimedCheck ten_microseconds() {
  return TimedCheck("busy", "10 us + at most 1 us", {{.name = "p50", .low = 9'900, .high = 11'000}});
}

// Feeds `check` with readings by round until it is decided.
void feed(TimedCheck& check, const std::function<double(std::size_t)>& reading) {
  while (!check.decided()) {
    const double value = reading(check.rounds());
    check.add({&value, 1});
  }
}

TEST(TimedCheck, IsOkAtTheFirstLookWhereAllReadingsAreRight) {
  TimedCheck check = ten_microseconds();
  feed(check, [](std::size_t round) { return 10'050 + static_cast<double>(round); });
  EXPECT_EQ(check.outcome(), CheckOutcome::ok);
  EXPECT_EQ(check.rounds(), kLooks.front());
  EXPECT_EQ(check.seen(), "p50 10.05 us [10.05, 10.06], 9 rounds");
}

TEST(TimedCheck, MissesAConstantErrorOnEitherSide) {
  for (const double error : {5'000.0, -1'000.0}) {
    TimedCheck check = ten_microseconds();
    feed(check, [&](std::size_t round) { return 10'050 + error + static_cast<double>(round % 7); });
    EXPECT_EQ(check.outcome(), CheckOutcome::missed) << error;
    EXPECT_EQ(check.rounds(), kFirstMiss) << error;
  }
}

TEST(TimedCheck, ReadingsThatStraddleABoundStayUndecided) {
  TimedCheck check = ten_microseconds();
  feed(check, [](std::size_t round) { return round % 2 == 0 ? 10'900 : 11'100; });
  EXPECT_EQ(check.outcome(), CheckOutcome::undecided);
  EXPECT_EQ(check.rounds(), kLooks.back());
  EXPECT_THAT(check.seen(), HasSubstr("too noisy to decide: p50 11.00 us [10.90, 11.10], 144 rounds"));
}

// A hog occupies both CPUs in the first rounds. Later rounds outvote these, and no miss is reported before.
TEST(TimedCheck, AStretchOfWrongReadingsIsNoMiss) {
  for (const std::size_t hogged : {9u, 12u}) {
    TimedCheck check = ten_microseconds();
    feed(check, [&](std::size_t round) { return round < hogged ? 40'000.0 : 10'050.0; });
    EXPECT_EQ(check.outcome(), CheckOutcome::ok) << hogged;
    EXPECT_GT(check.rounds(), kLooks.front()) << hogged;
  }
}

TEST(TimedCheck, LooksNowhereButAtItsPlaces) {
  TimedCheck check = ten_microseconds();
  // The readings are right from the eighth round on; the interval is inside at 36 rounds first.
  feed(check, [](std::size_t round) { return round < 8 ? 20'000.0 : 10'050.0; });
  EXPECT_EQ(check.outcome(), CheckOutcome::ok);
  EXPECT_EQ(check.rounds(), 36u);
}

// A mean includes whatever ran beside it. One undisturbed block proves that the harness adds little; none in 36 proves
// that it adds much.
TEST(TimedCheck, AFigureThatNoiseOnlyAddsToIsJudgedByItsSmallestReading) {
  const std::vector<TimedFigure> mean = {{.name = "mean", .low = 9'900, .high = 12'000, .smallest = true}};
  TimedCheck noisy("busy", "", mean), slow("busy", "", mean), fast("busy", "", mean);
  feed(noisy, [](std::size_t round) { return round == 4 ? 10'400.0 : 600'000.0; });
  feed(slow, [](std::size_t round) { return 15'000.0 + 100'000.0 * static_cast<double>(round % 3); });
  feed(fast, [](std::size_t round) { return round == 4 ? 5'000.0 : 10'400.0; });
  EXPECT_EQ(noisy.outcome(), CheckOutcome::ok);
  EXPECT_EQ(noisy.seen(), "mean at best 10.40 us, 9 rounds");
  EXPECT_EQ(slow.outcome(), CheckOutcome::missed);
  EXPECT_EQ(fast.outcome(), CheckOutcome::missed) << "nothing makes it smaller than the work";
}

TEST(TimedCheck, EveryFigureMustBeRight) {
  const std::vector<TimedFigure> figures = {{.name = "p50", .low = 0, .high = 1'000},
                                            {.name = "max", .low = 10'000'000, .high = 1e12}};
  TimedCheck good("stall", "", figures), bad("stall", "", figures);
  while (!good.decided()) good.add(std::vector{500.0, 10'100'000.0});
  while (!bad.decided()) bad.add(std::vector{500.0, 1'000'000.0});
  EXPECT_EQ(good.outcome(), CheckOutcome::ok);
  EXPECT_THAT(good.seen(), HasSubstr("p50 500.00 ns [500.00, 500.00], max 10.10 ms [10.10, 10.10]"));
  EXPECT_EQ(bad.outcome(), CheckOutcome::missed);
}

// What noise can explain is no miss; what it can't is, at the first look that may say so.
TEST(TimedCheck, LeavesToNoiseWhatNoiseMayAdd) {
  const std::vector<TimedFigure> figures = {{.name = "response / stop",
                                             .low = 0.98,
                                             .high = 1.02,
                                             .noise_low = 0.95,
                                             .noise_high = 1.5,
                                             .unit = FigureUnit::none}};
  for (const auto& [reading, outcome] : {std::pair(1.0, CheckOutcome::ok),
                                         {0.96, CheckOutcome::undecided},
                                         {1.3, CheckOutcome::undecided},
                                         {1.6, CheckOutcome::missed},
                                         {0.9, CheckOutcome::missed}}) {
    TimedCheck check("stopped sender", "", figures, kLooks.front());
    for (std::size_t i = 0; i < kLooks.front(); ++i) check.add({&reading, 1});
    EXPECT_EQ(check.outcome(), outcome) << reading;
  }
}

TEST(TimedCheck, ShowsFiguresWithoutAUnitAsTheyAre) {
  TimedCheck check("", "", {{.name = "share", .low = 0, .high = 2, .unit = FigureUnit::none}});
  feed(check, [](std::size_t) { return 1.004; });
  EXPECT_EQ(check.seen(), "share 1.004 [1.004, 1.004], 9 rounds");
}

TEST(TimedCheck, ABrokenRoundIsAMissWithItsReason) {
  TimedCheck check = ten_microseconds();
  check.fail("busy-spin: crashed: consumer killed by SIGKILL");
  EXPECT_TRUE(check.decided());
  EXPECT_EQ(check.outcome(), CheckOutcome::missed);
  EXPECT_EQ(check.seen(), "busy-spin: crashed: consumer killed by SIGKILL");
}

// 36 rounds are the first that may report a miss: a hog of 5 s affects less than a third of them.
TEST(TimedCheck, RoundsAfterTheFirstLookAreSpread) {
  EXPECT_EQ(wait_before_round(8, 0s), 0s);
  EXPECT_EQ(wait_before_round(kLooks.front(), 2s), 2500ms);
  EXPECT_EQ(wait_before_round(kFirstMiss - 1, 17s), 500ms);
  EXPECT_EQ(wait_before_round(kLooks.front(), 60s), 0s);
}

}  // namespace
}  // namespace ipcbench
