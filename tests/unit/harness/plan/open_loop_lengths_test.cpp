#include "harness/plan/open_loop_lengths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/measure/stamps.h"
#include "harness/plan/plan_time.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

PlannedCase open_case(const std::string& options) {
  PlannedCase planned;
  planned.spec = parse_case("rate/pipe/block/64/same-cpu" + options);
  return planned;
}

TEST(OpenLoopLengths, ABlockLastsAsLongAsItsSchedule) {
  PlannedCase planned = open_case("/rate=20000");
  set_lengths(planned, 1000, 25ms);
  EXPECT_EQ(planned.block_ops, 5000u) << "a quarter of a second";
  EXPECT_EQ(planned.warmup_ops, warm_up_ops(1000)) << "by full speed";
  set_lengths(planned, 1000, 1s);
  EXPECT_EQ(planned.block_ops, 20'000u);
}

TEST(OpenLoopLengths, EachProducerOfACastSendsAsManyWholeBursts) {
  const auto apart = [](const std::string& options) {
    PlannedCase planned = open_case("/producers=3/rate=20000" + options);
    planned.seat_cpus = {0, 1, 2, 3};
    return planned;
  };
  EXPECT_EQ(scheduled_ops(apart(""), 1000, 25ms), 5001u) << "a quarter of a second, rounded up";
  EXPECT_EQ(scheduled_ops(apart("/schedule=burst-8"), 1000, 25ms), 5016u) << "rounds of 24";
  EXPECT_EQ(scheduled_ops(open_case("/producers=7/rate=100M"), 100, 25ms), kMostStamps / 7 * 7);
  // Rule 29: eight producers and a consumer on one CPU have twenty turns of 4 ms each in 720 ms.
  PlannedCase planned = open_case("/producers=8/rate=10000");
  planned.seat_cpus.assign(9, 0);
  EXPECT_EQ(scheduled_ops(planned, 1000, 25ms), 10'000u) << "7200, rounded up";
  planned = open_case("/producers=8");
  planned.seat_cpus.assign(9, 0);
  EXPECT_EQ(scheduled_ops(planned, 1000, 25ms), 500'000u) << "720 000 that are due at once, rounded down";
}

TEST(OpenLoopLengths, NearSaturationABlockIsLonger) {
  // 90 % of 25 000 a second: 20 / (25000 * (1 - sqrt(0.9))^2) = 0.304 s.
  PlannedCase planned = open_case("/rate=22500");
  EXPECT_EQ(scheduled_ops(planned, 40'000, 25ms), 10'000u);
  EXPECT_EQ(scheduled_ops(planned, 4'000, 25ms), 10'000u) << "0.25 s of 5625 messages, rounded up";
  // 99 % would take 32 s: as long as a block can be.
  planned = open_case("/rate=24750");
  EXPECT_EQ(scheduled_ops(planned, 40'000, 25ms), 500'000u);
}

TEST(OpenLoopLengths, AreBoundedByTheStamps) {
  EXPECT_EQ(scheduled_ops(open_case("/rate=100M"), 100, 25ms), kMostStamps);
  EXPECT_EQ(scheduled_ops(open_case(""), 1, 1s), kMostStamps);
  EXPECT_EQ(scheduled_ops(open_case("/rate=1"), 1000, 25ms), 20u) << "a message for each slice";
}

TEST(OpenLoopLengths, AreWholeBurstsOneForEachSlice) {
  EXPECT_EQ(scheduled_ops(open_case("/rate=20000/schedule=burst-8"), 1000, 25ms), 5000u);
  EXPECT_EQ(scheduled_ops(open_case("/rate=20000/schedule=burst-3"), 1000, 25ms), 5001u) << "up, not down";
  EXPECT_EQ(scheduled_ops(open_case("/rate=100k/schedule=burst-1024"), 1000, 25ms), 50'176u) << "50 000, rounded up";
  EXPECT_EQ(scheduled_ops(open_case("/rate=10k/schedule=burst-1024"), 1000, 25ms), 20u * 1024) << "2 s";
  EXPECT_EQ(scheduled_ops(open_case("/rate=1000/schedule=burst-1024"), 1000, 25ms), 10u * 1024) << "10 s";
  EXPECT_EQ(scheduled_ops(open_case("/rate=1/schedule=burst-1024"), 1000, 25ms), 1024u) << "a burst at least";
  EXPECT_EQ(scheduled_ops(open_case("/rate=100M/schedule=burst-7"), 100, 25ms), kMostStamps / 7 * 7);
}

TEST(OpenLoopLengths, WithoutARateAreThoseOfAStream) {
  EXPECT_EQ(scheduled_ops(open_case(""), 1000, 25ms), 20'000u);
  EXPECT_DOUBLE_EQ(scheduled_ns(open_case(""), 20'000, 1000), 2e7);
}

TEST(OpenLoopLengths, TheTimeOfALaunchIsThatOfItsSchedule) {
  EXPECT_DOUBLE_EQ(scheduled_ns(open_case("/pacer=spin/rate=20000"), 5000, 1000), 0.25e9);
  EXPECT_DOUBLE_EQ(scheduled_ns(open_case("/rate=20000"), 5000, 1000), 0.3125e9) << "a quarter more without messages";
  EXPECT_DOUBLE_EQ(scheduled_ns(open_case("/pacer=spin/rate=20000"), 5000, 100'000), 0.5e9) << "overloaded";
}

TEST(Load, IsAShareOfTheLowerEndOfTheSaturation) {
  EXPECT_EQ(share_of({.median = 1e6, .ci95 = Interval{900'000, 1.1e6}, .n = 9}, 800'000, 50), 450'000u);
  EXPECT_EQ(share_of({.median = 1e6, .n = 3}, 800'000, 50), 400'000u) << "of the lowest launch";
  EXPECT_EQ(share_of({}, 0.5, 10), 1u);
}

TEST(Load, IsAssumedFromThePilotBeforeTheSaturationIsMeasured) {
  PlannedCase planned = open_case("/load=50");
  EXPECT_DOUBLE_EQ(rate_of(planned, 1000), 500'000);
  planned.rate_per_s = 400'000;
  EXPECT_DOUBLE_EQ(rate_of(planned, 1000), 400'000);
}

TEST(Load, TooNearToSaturationIsRefused) {
  const Figure saturation{.median = 1e6, .ci95 = Interval{950'000, 1.05e6}, .n = 9};
  EXPECT_EQ(load_refusal(saturation, 0, 475'000), "");
  EXPECT_THAT(load_refusal({.median = 1e6, .ci95 = Interval{970'000, 1.05e6}, .n = 9}, 0, 960'300),
              HasSubstr("960300/s is too near to the saturation of 1000000/s [970000, 1050000]"));
  EXPECT_THAT(load_refusal(saturation, 0, 1'045'000), HasSubstr("1045000/s is too near")) << "from above, too";
  EXPECT_EQ(load_refusal(saturation, 0, 1'060'000), "") << "an overload on purpose";
  EXPECT_EQ(load_refusal({.median = 1e6, .n = 3}, 950'000, 960'000), "") << "no interval, over the slowest launch";
  const Figure slow{.median = 100, .ci95 = Interval{99.9, 100.1}, .n = 9};
  EXPECT_THAT(load_refusal(slow, 0, 89), HasSubstr("at 89 % of the saturation a block must last"));
}

TEST(Load, AGivenRateIsMeasuredUpToAShareOfTheSaturation) {
  const Figure saturation{.median = 1e6, .ci95 = Interval{900'000, 1.1e6}, .n = 9};
  EXPECT_EQ(most_load_refusal(saturation, 0, 810'000, 90), "");
  EXPECT_EQ(most_load_refusal(saturation, 0, 811'000, 90), "811000/s is over 90 % of the saturation, 900000/s");
  EXPECT_THAT(most_load_refusal({}, 1000, 1000, 90), HasSubstr("over 90 %")) << "by the lowest launch";
}

}  // namespace
}  // namespace ipcbench
