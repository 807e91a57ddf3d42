#include "harness/selftest/load_checks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/launch/load_record.h"
#include "harness/measure/splitmix64.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kBegin = 1000, kMessages = 10'000, kGap = 100'000;  // ns, which are ticks here
constexpr std::uint64_t kStopBegin = 550'030'000, kStopEnd = 650'040'000;   // from the block's begin
constexpr std::uint64_t kEach = 2'000;                                      // a message, or a round trip
constexpr std::size_t kHolds = 64;
constexpr StoppedSide kSides[] = {StoppedSide::sender, StoppedSide::answerer, StoppedSide::receiver};

// The stamps of a block whose sender, receiver or answerer stood still, as a channel of kHolds messages would have
// them.
struct StoppedBlock {
  explicit StoppedBlock(StoppedSide side) : planned(kMessages), sent(kMessages), ready(kMessages), received(kMessages) {
    const auto runs_at = [](bool is_stopped, std::uint64_t at) {
      return is_stopped && at >= kBegin + kStopBegin && at < kBegin + kStopEnd ? kBegin + kStopEnd : at;
    };
    for (std::size_t i = 0; i < kMessages; ++i) {
      planned[i] = i * kGap;
      sent[i] = runs_at(side == StoppedSide::sender, std::max(kBegin + planned[i], i == 0 ? 0 : ready[i - 1]));
      const std::uint64_t taken = std::max(sent[i], i == 0 ? 0 : received[i - 1]);
      received[i] = runs_at(side != StoppedSide::sender, taken) + kEach;
      const std::uint64_t has_room = i < kHolds ? 0 : received[i - kHolds];
      ready[i] = side == StoppedSide::answerer ? received[i] : std::max(sent[i] + kEach / 2, has_room);
    }
  }

  LoadRecord record() {
    const BlockTimes times{.begin = kBegin, .planned_end = kMessages * kGap, .end = received.back()};
    std::vector<double> slices;
    const std::vector<MessageTimes> messages = message_times(std::array{Stamps{planned, sent, ready, received}});
    return load_record(messages, times, {.rate_per_s = 1'000'000'000 / kGap}, Clock{}, kMessages, slices);
  }

  std::vector<std::uint64_t> planned, sent, ready, received;
};

constexpr StalledLoad kKnown{.rate_per_s = 1e9 / kGap,
                             .saturation_per_s = 1e9 / kEach,
                             .channel_holds = kHolds,
                             .stop_ns = kStopEnd - kStopBegin};

// Returns what a check says of nine rounds of the same readings.
CheckOutcome decide(StoppedSide side, const std::vector<double>& readings) {
  TimedCheck check("stopped", "", stalled_figures(side), kLooks.front());
  while (!check.decided() && check.rounds() < kLooks.front()) check.add(readings);
  return check.outcome();
}
CheckOutcome decide(StoppedSide side, const LoadRecord& record) {
  const auto readings = stalled_readings(side, record, kKnown);
  return readings ? decide(side, *readings) : CheckOutcome::skipped;
}

TEST(StalledReadings, AreRightOfEachSideThatWasStopped) {
  for (const StoppedSide side : kSides) {
    EXPECT_EQ(decide(side, StoppedBlock(side).record()), CheckOutcome::ok) << expected_of_stalled(side);
  }
}

// Coordinated omission: whoever counts from the send leaves out what waited for it.
TEST(StalledReadings, CountedFromTheSendAreMissed) {
  for (const StoppedSide side : kSides) {
    StoppedBlock block(side);
    for (std::size_t i = 0; i < kMessages; ++i) block.planned[i] = block.sent[i] - kBegin;
    EXPECT_EQ(decide(side, block.record()), CheckOutcome::missed) << expected_of_stalled(side);
  }
}

TEST(StalledReadings, OfServicesCountedFromThePlannedTimeAreMissed) {
  for (const StoppedSide side : kSides) {
    StoppedBlock block(side);
    for (std::size_t i = 0; i < kMessages; ++i) block.sent[i] = kBegin + block.planned[i];
    EXPECT_EQ(decide(side, block.record()), CheckOutcome::missed) << expected_of_stalled(side);
  }
}

TEST(StalledReadings, OfAStopThatNobodySeesAreMissed) {
  for (const StoppedSide side : kSides) {
    StoppedBlock block(side);
    for (std::size_t i = 0; i < kMessages; ++i) {
      block.sent[i] = kBegin + block.planned[i];
      block.received[i] = block.sent[i] + kEach;
    }
    EXPECT_EQ(decide(side, block.record()), CheckOutcome::missed) << expected_of_stalled(side);
  }
}

// The stopped side isn't continued at once, and the receiver of one message waits for a CPU.
TEST(StalledReadings, OfABusyMachineAreUndecided) {
  for (const StoppedSide side : kSides) {
    const auto readings = stalled_readings(side, StoppedBlock(side).record(), kKnown);
    ASSERT_TRUE(readings);
    for (std::size_t i = 0; i < readings->size(); ++i) {
      std::vector<double> noisy = *readings;
      noisy[i] += 0.3;
      const bool is_a_count = side == StoppedSide::answerer && i == 2;
      if (is_a_count) noisy[i] = 2;
      EXPECT_EQ(decide(side, noisy), CheckOutcome::undecided) << expected_of_stalled(side) << ", figure " << i;
    }
  }
}

// A thousand messages that drain at four times their rate hold up a third of a thousand more.
TEST(StalledReadings, TakeTheDrainingIntoAccount) {
  StalledLoad slow = kKnown;
  slow.saturation_per_s = 4 * slow.rate_per_s;
  const auto readings = stalled_readings(StoppedSide::sender, StoppedBlock(StoppedSide::sender).record(), slow);
  ASSERT_TRUE(readings);
  EXPECT_NEAR((*readings)[1], (1 - 0.25) / (1 - 0.02), 0.002);
  EXPECT_EQ(decide(StoppedSide::sender, *readings), CheckOutcome::undecided) << "noise may have lowered the saturation";
  slow.saturation_per_s = 1.9 * slow.rate_per_s;
  EXPECT_FALSE(stalled_readings(StoppedSide::sender, StoppedBlock(StoppedSide::sender).record(), slow));
}

TEST(StalledReadings, AreNoneOfAnOverloadedLaunch) {
  LoadRecord record = StoppedBlock(StoppedSide::sender).record();
  EXPECT_FALSE(record.overloaded) << "a stop of a tenth of the block isn't one";
  record.overloaded = true;
  EXPECT_FALSE(stalled_readings(StoppedSide::sender, record, kKnown));
}

TEST(CountOver, TakesPartOfTheBucketThatItFallsInto) {
  const SparseHistogram histogram{.values_ns = {100, 1024, 4096}, .counts = {5, 8, 2}};
  EXPECT_DOUBLE_EQ(count_over(histogram, 50), 15);
  EXPECT_DOUBLE_EQ(count_over(histogram, 2000), 2);
  EXPECT_DOUBLE_EQ(count_over(histogram, 1026), 8 * 6 / 8.0 + 2) << "8 values from 1024 on are a bucket";
  EXPECT_DOUBLE_EQ(count_over(histogram, 1e9), 0);
}

TEST(ExponentialDistance, TellsRandomGapsFromOthers) {
  constexpr double kMean = 100'000;
  SplitMix64 random(1);
  std::vector<double> exponential, uniform;
  for (int i = 0; i < 5000; ++i) {
    const double one = std::ldexp(static_cast<double>(random.next() >> 11), -53);
    exponential.push_back(-std::log1p(-one) * kMean);
    uniform.push_back(2 * kMean * one);
  }
  EXPECT_LT(exponential_distance(exponential, kMean), 1.95);
  EXPECT_GT(exponential_distance(exponential, 1.2 * kMean), 3) << "of another mean";
  EXPECT_GT(exponential_distance(uniform, kMean), 5);
  EXPECT_GT(exponential_distance(std::vector(5000, kMean), kMean), 40);
}

TEST(GapsInTime, AreThoseBetweenTwoMessagesThatWereBothSentInTime) {
  const std::vector<std::uint64_t> planned = {0, 5'000, 10'000, 10'000, 20'000, 30'000};
  const std::vector<std::uint64_t> sent = {0, 5'999, 11'000, 11'001, 20'010, 30'000};
  EXPECT_EQ(gaps_in_time(planned, sent), (std::vector{5'999.0, 9'990.0}));
}

}  // namespace
}  // namespace ipcbench
