#include "harness/launch/load_record.h"

#include <algorithm>
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint64_t kGap = 1000;  // ns between messages, which are ticks here

// A block of hand-made stamps that begins at 5000 ticks.
struct HandMade {
  explicit HandMade(std::size_t ops) : planned(ops), sent(ops), ready(ops), received(ops) {
    for (std::size_t i = 0; i < ops; ++i) {
      planned[i] = i * kGap;
      sent[i] = kBegin + planned[i];
      ready[i] = sent[i] + 100;
      received[i] = sent[i] + 300;
    }
  }

  LoadRecord record(OpenLoop loop = {.rate_per_s = 1'000'000'000 / kGap}) {
    const BlockTimes times{
        .begin = kBegin, .planned_end = planned.size() * kGap, .end = *std::ranges::max_element(received)};
    const auto came = std::ranges::count_if(received, [](std::uint64_t at) { return at != 0; });
    slices.clear();
    return load_record(messages(), times, loop, Clock{}, static_cast<std::uint64_t>(came), slices);
  }

  Stamps stamps() { return {planned, sent, ready, received}; }
  std::vector<MessageTimes> messages() { return message_times(std::array{stamps()}); }

  static constexpr std::uint64_t kBegin = 5000;
  std::vector<std::uint64_t> planned, sent, ready, received;
  std::vector<double> slices;
};

TEST(LoadRecord, CountsFromThePlannedTime) {
  HandMade block(200);
  const LoadRecord record = block.record();
  EXPECT_FALSE(record.overloaded);
  EXPECT_EQ(quantile(record.response, 0.5), bucket_midpoint(300));
  EXPECT_EQ(quantile(record.service, 0.5), bucket_midpoint(300));
  EXPECT_EQ(quantile(record.lateness, 0.5), 0);
  EXPECT_EQ(record.late_ratio, 0);
  EXPECT_DOUBLE_EQ(*record.offered_per_s, 1e6);
  EXPECT_DOUBLE_EQ(record.achieved_per_s, 1e6);
  EXPECT_THAT(block.slices, SizeIs(kSlices));
}

// Each sender's lateness counts from its own message before, whatever the others do meanwhile.
TEST(LoadRecord, OfSeveralSendersHasTheirMessagesInPlannedOrder) {
  HandMade first(100), second(100);
  for (std::size_t i = 0; i < 100; ++i) {
    for (std::uint64_t* time : {&second.planned[i], &second.sent[i], &second.ready[i], &second.received[i]})
      *time += kGap / 2;
  }
  second.ready[4] += 3 * kGap / 2;  // the next one of this sender has to wait, and is sent at once
  second.sent[5] = second.ready[4];
  const std::vector<MessageTimes> messages = message_times(std::array{first.stamps(), second.stamps()});
  ASSERT_THAT(messages, SizeIs(200));
  EXPECT_TRUE(std::ranges::is_sorted(messages, {}, &MessageTimes::planned));
  EXPECT_EQ(messages[1].planned, kGap / 2);
  EXPECT_EQ(messages[1].ready, 0u) << "its sender's first";
  EXPECT_EQ(messages[2].ready, first.ready[0]);
  EXPECT_EQ(messages[3].ready, second.ready[0]);
  std::vector<double> slices;
  const BlockTimes times{.begin = HandMade::kBegin, .planned_end = 100 * kGap, .end = HandMade::kBegin + 100 * kGap};
  const LoadRecord record = load_record(messages, times, {.rate_per_s = 2'000'000}, Clock{}, 200, slices);
  EXPECT_EQ(record.lateness_max_ns, 0) << "back-pressure is not the pacer's";
  EXPECT_EQ(count_of(record.response), 200u);
  EXPECT_DOUBLE_EQ(*record.offered_per_s, 2e6);
  EXPECT_FALSE(record.overloaded);
}

TEST(LoadRecord, APacersCpuTimeIsThatOfItsSleeps) {
  PacerLog log{};
  EXPECT_FALSE(pacer_cpu_ns(log)) << "it never slept";
  log.alone_sleeps = 10;
  log.alone_after.cpu_ns = log.alone_before.cpu_ns + 50'000;
  log.block_sleeps = 4;
  EXPECT_DOUBLE_EQ(*pacer_cpu_ns(log), 20'000);
}

// After silences there is no schedule that could be kept or not: only times, each from the end of its silence.
TEST(LoadRecord, AfterSilencesHasTimesAndNoBacklog) {
  HandMade block(5);
  block.sent[2] += 40;
  block.received[2] += 40;
  const LoadRecord record = block.record({.form = LoopForm::round_trip, .silence_ns = kGap - 300});
  EXPECT_EQ(record.silence_ns, 700);
  EXPECT_FALSE(record.offered_per_s);
  EXPECT_THAT(record.backlog, IsEmpty());
  EXPECT_FALSE(record.overloaded);
  EXPECT_EQ(count_of(record.service), 5u);
  EXPECT_EQ(record.service_max_ns, 300);
  EXPECT_EQ(record.response_max_ns, 340);
  EXPECT_EQ(record.response_max_at_ns, 2 * kGap);
  EXPECT_EQ(record.lateness_max_ns, 40);
  EXPECT_DOUBLE_EQ(record.achieved_per_s, 1e6);
  EXPECT_THAT(block.slices, IsEmpty());
}

// A sender that was stopped sends late: that is in the response, not in the service. Its pacer is late once; the
// messages behind it go out when the one before has gone.
TEST(LoadRecord, AStalledSenderIsSeenInTheResponseOnly) {
  HandMade block(1000);
  constexpr std::uint64_t kStall = 50'000;
  std::uint64_t ready = block.ready[399];
  for (std::size_t i = 400; i < 1000; ++i) {
    const std::uint64_t due = HandMade::kBegin + block.planned[i] + (i == 400 ? kStall : 0);
    block.sent[i] = std::max(due, ready);
    ready = block.ready[i] = block.sent[i] + 100;
    block.received[i] = block.sent[i] + 300;
  }
  const LoadRecord record = block.record();
  EXPECT_FALSE(record.overloaded);
  EXPECT_EQ(record.response_max_ns, kStall + 300);
  EXPECT_EQ(record.response_max_at_ns, 400 * kGap);
  EXPECT_EQ(record.service_max_ns, 300);
  EXPECT_EQ(record.lateness_max_ns, kStall);
  EXPECT_DOUBLE_EQ(*record.late_ratio, 1.0 / 1000) << "back-pressure is not the pacer's";
}

TEST(LoadRecord, APacerThatIsLateIsSeenInItsLateness) {
  HandMade block(200);
  for (std::size_t i = 0; i < 200; ++i) block.sent[i] += 1 + (i % 2) * kLateNs;
  for (std::size_t i = 0; i < 200; ++i) block.received[i] = block.sent[i] + 300;
  for (std::size_t i = 0; i < 200; ++i) block.ready[i] = block.sent[i] - 1;
  const LoadRecord record = block.record();
  EXPECT_EQ(record.lateness_max_ns, kLateNs + 1);
  EXPECT_DOUBLE_EQ(*record.late_ratio, 0.5);
}

TEST(LoadRecord, SlicesAreOfTheServiceIfATimerDrivesTheSender) {
  HandMade block(200);
  for (std::size_t i = 0; i < 200; ++i) block.sent[i] += 100;
  block.record({.rate_per_s = 1'000'000, .pacing = Pacing::sleep});
  EXPECT_THAT(block.slices, Each(bucket_midpoint(200)));
  block.record({.rate_per_s = 1'000'000, .pacing = Pacing::spin});
  EXPECT_THAT(block.slices, Each(bucket_midpoint(300)));
}

// A consumer of 1100 ns a message falls behind a schedule of 1000 ns by a tenth.
TEST(LoadRecord, ABacklogThatGrowsIsAnOverload) {
  HandMade block(1000);
  for (std::size_t i = 0; i < 1000; ++i) block.received[i] = HandMade::kBegin + (i + 1) * 1100;
  const LoadRecord record = block.record();
  EXPECT_TRUE(record.overloaded);
  EXPECT_THAT(record.response.counts, IsEmpty()) << "a rate that isn't sustained has no latency";
  EXPECT_FALSE(record.response_max_ns);
  EXPECT_NEAR(record.achieved_per_s, 1e9 / 1100, 1) << "and its rate is what came through";
  EXPECT_THAT(block.slices, IsEmpty());
}

TEST(LoadRecord, ABacklogThatStaysIsNone) {
  HandMade block(1000);
  for (std::size_t i = 100; i < 1000; ++i) block.received[i] += 40 * kGap;  // a stall, and never caught up
  const LoadRecord record = block.record();
  EXPECT_FALSE(record.overloaded);
  EXPECT_GT(record.backlog.back(), 39u);
}

// 1 % of the 500 messages that are due between the middles of the two stretches are 5.
TEST(LoadRecord, MayAddAHundredthToTheBacklog) {
  for (const std::uint64_t behind : {5u, 6u}) {
    HandMade block(1000);
    for (std::size_t i = 700; i < 1000; ++i) block.received[i] += behind * kGap;
    EXPECT_EQ(block.record().overloaded, behind == 6) << behind;
  }
}

TEST(LoadRecord, LosesAtMostAHundredth) {
  for (const std::size_t lost : {10u, 11u}) {
    HandMade block(1000);
    for (std::size_t i = 0; i < lost; ++i) block.received[i] = 0;
    const LoadRecord record = block.record();
    EXPECT_EQ(record.overloaded, lost == 11) << lost;
    if (lost == 10) {
      EXPECT_EQ(count_of(record.response), 990u);
      EXPECT_EQ(count_of(record.lateness), 1000u);
    }
  }
}

TEST(LoadRecord, OfMessagesThatAreAllDueAtOnceHasARateAlone) {
  HandMade block(100);
  for (std::uint64_t& planned : block.planned) planned = 0;
  const BlockTimes times{.begin = HandMade::kBegin, .planned_end = 0, .end = HandMade::kBegin + 50'000};
  std::vector<double> slices;
  const LoadRecord record = load_record(block.messages(), times, {}, Clock{}, 100, slices);
  EXPECT_FALSE(record.offered_per_s);
  EXPECT_DOUBLE_EQ(record.achieved_per_s, 2e6);
  EXPECT_THAT(record.response.counts, IsEmpty());
  EXPECT_FALSE(record.overloaded);
}

TEST(Backlog, CountsWhatIsDueAndHasNotCome) {
  std::vector<std::uint64_t> planned{0, 10, 20, 30}, none(4), received{100 + 5, 100 + 12, 0, 100 + 100};
  const std::vector<MessageTimes> messages = message_times(std::array{Stamps{planned, none, none, received}});
  const Backlog backlog = backlog_of(messages, {.begin = 100, .planned_end = 40});
  // The slices end at 2, 4, … 40.
  EXPECT_THAT((std::vector{backlog.at(0), backlog.at(2), backlog.at(5), backlog.at(9), backlog.at(19)}),
              ElementsAre(1, 0, 0, 1, 2));
}

}  // namespace
}  // namespace ipcbench
