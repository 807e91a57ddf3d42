#include "results/figures/summary.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/launches_lacking.h"
#include "results/figures/states.h"
#include "results/figures/statistics.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

CaseRecord summarised(CaseRecord c, double clock_overhead_ns = 10) {
  Result result;
  result.clock.overhead_ns = clock_overhead_ns;
  result.clock.resolution_ns = 1;
  result.cases = {std::move(c)};
  summarise(result);
  return result.cases[0];
}

CaseRecord ping_pong(int launches, double ns) {
  CaseRecord c = sample_case(Scenario::ping_pong, "pipe", WaitStrategy::block, 64, Placement::same_l3);
  add_launches(c, launches, ns);
  return c;
}

TEST(Summary, PingPongFiguresAreMediansOverLaunches) {
  const CaseRecord c = summarised(ping_pong(9, 1000));  // means 1000, 1010 … 1080
  EXPECT_EQ(c.status, Status::ok);
  EXPECT_EQ(c.summary.rtt_mean.median, 1040);
  ASSERT_TRUE(c.summary.rtt_mean.ci95);
  EXPECT_EQ(c.summary.rtt_mean.ci95->low, 1010);
  EXPECT_EQ(c.summary.rtt_mean.ci95->high, 1070);
  EXPECT_EQ(c.summary.rtt_mean.n, 9u);
  EXPECT_EQ(c.summary.rtt_mean_stamped.median, 1060);
  // The middle launch's 1000 round trips are 1040 to 1139 ns in buckets of 8 ns: p50 is rank 500, 1089 ns.
  EXPECT_EQ(c.summary.rtt_p50.median, 1088 + 3.5);
  EXPECT_EQ(c.summary.rtt_p90.median, 1128 + 3.5);
  EXPECT_EQ(c.summary.rtt_p99.median, 1136 + 3.5);
  EXPECT_EQ(c.summary.rtt_max.median, 9 * 1040);
  EXPECT_FALSE(c.summary.p50_from_mean);
  EXPECT_EQ(c.summary.steady, "flat");
  EXPECT_EQ(c.summary.bimodal, false);
  EXPECT_THAT(c.summary.notes, IsEmpty());
}

TEST(Summary, AServerHasNoMeanWithoutStamps) {
  CaseRecord c = sample_case(Scenario::server, "pipe", WaitStrategy::block, 64, Placement::same_cpu);
  add_launches(c, 9, 1000);
  for (LaunchRecord& launch : c.launches) {
    launch.mean_stamped_ns = 50;
    launch.histogram = {.values_ns = {48}, .counts = {1000}};
  }
  const CaseRecord done = summarised(c);
  EXPECT_FALSE(done.summary.rtt_mean.median);
  EXPECT_EQ(done.summary.rtt_mean.reason, "clients stamp each request: no block is without stamps");
  EXPECT_EQ(done.summary.rtt_mean_stamped.median, 50);
  EXPECT_FALSE(done.summary.p50_from_mean) << "nothing could stand in its place";
}

TEST(Summary, TheWorstRoundTripKeepsItsPlace) {
  CaseRecord c = ping_pong(9, 1000);
  c.launches[3].max_ns = 5e6;
  c.launches[3].max_at_ns = 777;
  const CaseRecord done = summarised(c);
  ASSERT_TRUE(done.summary.rtt_worst);
  EXPECT_EQ(done.summary.rtt_worst->ns, 5e6);
  EXPECT_EQ(done.summary.rtt_worst->at_ns, 777);
  EXPECT_EQ(done.summary.rtt_worst->pass, 3);
}

TEST(Summary, AnUnsupportedQuantileIsAbsentWithAReason) {
  const CaseRecord c = summarised(ping_pong(9, 1000));
  EXPECT_FALSE(c.summary.rtt_p999.median);
  EXPECT_EQ(c.summary.rtt_p999.reason, "needs 10000 stamped round trips in a launch, there are 1000");
  EXPECT_FALSE(c.summary.rtt_p9999.median);
}

TEST(Summary, UnderTenClockReadsTheMeanStandsForP50) {
  const CaseRecord c = summarised(ping_pong(9, 100), 20);
  EXPECT_TRUE(c.summary.p50_from_mean);
  EXPECT_EQ(&headline_rtt(c.summary), &c.summary.rtt_mean);
  EXPECT_THAT(c.summary.notes, Contains(HasSubstr("unstamped mean")));
  const CaseRecord fine = summarised(ping_pong(9, 1000), 20);
  EXPECT_EQ(&headline_rtt(fine.summary), &fine.summary.rtt_p50);
}

TEST(Summary, CostsAreDividedByVerifiedOps) {
  const CaseRecord c = summarised(ping_pong(9, 1000));
  EXPECT_DOUBLE_EQ(*c.summary.cpu_ns_per_op.median, 1040);  // two sides, each busy half of the time
  EXPECT_DOUBLE_EQ(*c.summary.voluntary_per_op.median, 2);
  EXPECT_DOUBLE_EQ(*c.summary.involuntary_per_op.median, 0);
  EXPECT_DOUBLE_EQ(*c.summary.faults_per_op.median, 0.004);
  EXPECT_DOUBLE_EQ(*c.summary.duty_producer.median, 0.5);
  EXPECT_DOUBLE_EQ(*c.summary.duty_consumer.median, 0.5);
}

TEST(Summary, ABrokersCostsArePartOfAll) {
  CaseRecord c = ping_pong(9, 1000);
  const CaseRecord without = summarised(c);
  EXPECT_EQ(without.summary.broker_cpu_ns_per_op.reason, "no broker");
  for (LaunchRecord& launch : c.launches) {
    const auto ops = static_cast<double>(launch.verified);
    launch.broker = ProcessUsage{.cpu_ns = 300 * ops, .voluntary = 3 * launch.verified, .involuntary = launch.verified};
  }
  const CaseRecord with = summarised(c);
  EXPECT_DOUBLE_EQ(*with.summary.broker_cpu_ns_per_op.median, 300);
  EXPECT_DOUBLE_EQ(*with.summary.cpu_ns_per_op.median, *without.summary.cpu_ns_per_op.median + 300);
  EXPECT_DOUBLE_EQ(*with.summary.voluntary_per_op.median, *without.summary.voluntary_per_op.median + 3);
  EXPECT_DOUBLE_EQ(*with.summary.involuntary_per_op.median, *without.summary.involuntary_per_op.median + 1);
  EXPECT_THAT(with.summary.notes, Contains(HasSubstr("include the broker's")));
}

TEST(Summary, WithoutTheBrokersCostsThereAreNone) {
  CaseRecord c = ping_pong(9, 1000);
  for (LaunchRecord& launch : c.launches) launch.broker = ProcessUsage{};
  const CaseRecord done = summarised(c);
  for (const Figure& figure : {done.summary.cpu_ns_per_op, done.summary.broker_cpu_ns_per_op,
                               done.summary.voluntary_per_op, done.summary.involuntary_per_op}) {
    EXPECT_FALSE(figure.median);
    EXPECT_THAT(figure.reason, HasSubstr("could not be read"));
  }
}

TEST(Summary, LaunchesWithoutAClassOrRoundTripsGiveTheCaseNoLabel) {
  CaseRecord c = sample_case(Scenario::streaming, "udp", WaitStrategy::block, 64, Placement::same_cpu);
  add_launches(c, 9, 500);
  for (LaunchRecord& launch : c.launches) {
    launch.slices_ns.clear();
    launch.launch_class.clear();
  }
  const CaseRecord done = summarised(c);
  EXPECT_EQ(done.summary.steady, "");
  EXPECT_EQ(done.summary.bimodal, std::nullopt);
}

TEST(Summary, StreamingHasRatesAndNoRoundTrip) {
  CaseRecord c = sample_case(Scenario::streaming, "pipe", WaitStrategy::block, 64, Placement::same_cpu);
  add_launches(c, 9, 500);
  const CaseRecord done = summarised(c);
  EXPECT_DOUBLE_EQ(*done.summary.messages_per_s.median, 1e9 / 520);
  EXPECT_DOUBLE_EQ(*done.summary.bytes_per_s.median, 64e9 / 520);
  EXPECT_FALSE(done.summary.rtt_p50.median);
  EXPECT_EQ(done.summary.rtt_p50.reason, "streaming has no round trip");
  EXPECT_FALSE(done.summary.loss_ratio.median);
  EXPECT_NE(done.summary.loss_ratio.reason, "");
  EXPECT_FALSE(done.summary.notifications_per_s.median);
}

TEST(Summary, ALossyStreamCountsItsLoss) {
  CaseRecord c = sample_case(Scenario::streaming, "udp", WaitStrategy::block, 64, Placement::same_cpu);
  add_launches(c, 9, 500);
  for (LaunchRecord& launch : c.launches) launch.sent = 1250;
  EXPECT_DOUBLE_EQ(*summarised(c).summary.loss_ratio.median, 0.2);
}

TEST(Summary, NotificationsMergeAndCarryNothing) {
  CaseRecord c = sample_case(Scenario::streaming, "eventfd", WaitStrategy::block, 0, Placement::same_cpu);
  add_launches(c, 9, 500);
  for (LaunchRecord& launch : c.launches) launch.sent = 4000;
  const CaseSummary summary = summarised(c).summary;
  EXPECT_DOUBLE_EQ(*summary.notifications_per_s.median, 1e9 / 520);
  EXPECT_DOUBLE_EQ(*summary.merged_ratio.median, 0.75);
  EXPECT_FALSE(summary.bytes_per_s.median);
  EXPECT_FALSE(summary.messages_per_s.median);
}

TEST(Summary, WhatARoundTripDoesNotTellSaysWhatDoes) {
  const CaseSummary summary = summarised(ping_pong(9, 1000)).summary;
  EXPECT_EQ(summary.syscalls_producer.reason, "not counted");
  EXPECT_EQ(summary.channel_loaded.reason, "not measured for this case");
  EXPECT_EQ(summary.setup_teardown.reason, "measured by the scenario setup");
}

TEST(Summary, OnlyTheUsedStateCounts) {
  CaseRecord c = ping_pong(9, 1000);
  for (LaunchRecord& launch : c.launches) launch.canary_ns = {100, 100};
  c.launches[0].canary_ns = {500, 500};
  c.launches[1].canary_ns = {100, 500};
  const CaseRecord done = summarised(c);
  EXPECT_EQ(done.summary.rtt_mean.n, 7u);
  EXPECT_EQ(done.summary.rtt_mean.median, 1050);
  EXPECT_EQ(done.summary.state_used, "near");
  const std::vector<std::pair<std::string, int>> counts = {{"near", 7}, {"far", 1}, {"mixed", 1}};
  EXPECT_EQ(done.summary.state_counts, counts);
  EXPECT_EQ(done.launches[1].state, "mixed");
  EXPECT_FALSE(done.launches[0].used);
  EXPECT_EQ(count_of(pooled_histogram(done)), 7000u);
}

TEST(Summary, ACaseShortOfLaunchesHasAValueButNoInterval) {
  CaseRecord c = ping_pong(9, 1000);
  for (LaunchRecord& launch : c.launches) launch.canary_ns = {100, launch.pass < 5 ? 100.0 : 500};
  const CaseRecord done = summarised(c);
  EXPECT_EQ(done.summary.rtt_mean.median, 1020);
  EXPECT_FALSE(done.summary.rtt_mean.ci95);
  EXPECT_EQ(done.summary.rtt_mean.reason, "5 of 9 launches in canary state near: no interval under 6");
}

TEST(Summary, ACaseWhoseLaunchesAreAllMixedHasNoValue) {
  CaseRecord c = ping_pong(2, 1000);
  for (LaunchRecord& launch : c.launches) launch.canary_ns = {100, 500};
  const CaseRecord done = summarised(c);
  EXPECT_EQ(done.status, Status::ok);
  EXPECT_FALSE(done.summary.rtt_mean.median);
  EXPECT_EQ(done.summary.rtt_mean.reason, "none of 2 launches in one canary state");
}

TEST(Summary, OutliersAreLabelledAndStillUsed) {
  CaseRecord c = ping_pong(9, 1000);
  c.launches[4].mean_ns = 1e6;
  const CaseRecord done = summarised(c);
  EXPECT_TRUE(done.launches[4].outlier);
  EXPECT_TRUE(done.launches[4].used);
  EXPECT_FALSE(done.launches[3].outlier);
  EXPECT_EQ(done.summary.rtt_mean.n, 9u);
  EXPECT_THAT(done.summary.notes, Contains("1 of 9 launches labelled as outliers"));
}

TEST(Summary, OneInvalidLaunchMakesTheCaseInvalidAndNumberless) {
  CaseRecord c = ping_pong(9, 1000);
  c.launches[2].status = Status::invalid;
  c.launches[2].reason = "message 17 was lost";
  c.launches[2].phase = Phase::stamped;
  const CaseRecord done = summarised(c);
  EXPECT_EQ(done.status, Status::invalid);
  EXPECT_EQ(done.reason, "message 17 was lost (stamped block)");
  EXPECT_FALSE(done.summary.rtt_mean.median);
  EXPECT_EQ(done.summary.rtt_mean.reason, "invalid");
  EXPECT_FALSE(done.launches[0].used);
}

TEST(Summary, ACrashAmongCompletedLaunchesIsNotedOnly) {
  CaseRecord c = ping_pong(9, 1000);
  c.launches[2].status = Status::crashed;
  const CaseRecord done = summarised(c);
  EXPECT_EQ(done.status, Status::ok);
  EXPECT_EQ(done.summary.rtt_mean.n, 8u);
  EXPECT_THAT(done.summary.notes, Contains("1 of 9 launches broke"));
  for (LaunchRecord& launch : c.launches) launch.status = Status::timed_out;
  c.launches[8].status = Status::crashed;
  EXPECT_EQ(summarised(c).status, Status::crashed);
}

TEST(Summary, AZeroedLaunchIsNoDivisionByZero) {
  CaseRecord c = sample_case(Scenario::streaming, "pipe", WaitStrategy::block, 64, Placement::same_cpu);
  c.launches.resize(9);
  const CaseRecord done = summarised(c);
  EXPECT_FALSE(done.summary.bytes_per_s.median);
  EXPECT_FALSE(done.summary.cpu_ns_per_op.median);
  EXPECT_FALSE(done.summary.duty_producer.median);
  EXPECT_NE(done.summary.bytes_per_s.reason, "");
}

TEST(Summary, APartialRunSaysWhatWasNotReachedAndCanGoOn) {
  Result result;
  result.cases = {sample_case(Scenario::ping_pong, "pipe", WaitStrategy::block, 64, Placement::same_cpu)};
  summarise(result);
  EXPECT_EQ(result.cases[0].status, Status::skipped);
  EXPECT_EQ(result.cases[0].reason, kNotReached);
  EXPECT_EQ(launches_lacking(result, 9), std::vector<std::size_t>{9});
  add_launches(result.cases[0], 9, 1000);
  summarise(result);
  EXPECT_EQ(result.cases[0].status, Status::ok);
  EXPECT_EQ(result.cases[0].reason, "");
  EXPECT_EQ(launches_lacking(result, 9), std::vector<std::size_t>{0});
  EXPECT_EQ(launches_lacking(result, 10), std::vector<std::size_t>{1});
}

TEST(Summary, EveryFigureOfEveryCaseHasAMedianOrAReason) {
  Result result = sample_result();
  summarise(result);
  for (const CaseRecord& c : result.cases) {
    for (const Figure* figure : {&c.summary.rtt_mean, &c.summary.rtt_p9999, &c.summary.messages_per_s,
                                 &c.summary.merged_ratio, &c.summary.faults_per_op, &c.summary.setup_create}) {
      EXPECT_TRUE(figure->median || !figure->reason.empty()) << c.id;
      EXPECT_TRUE(figure->ci95 || !figure->reason.empty()) << c.id;
    }
  }
}

TEST(Summary, AChannelsMemoryIsASlopeWithoutLaunches) {
  CaseRecord c = ping_pong(9, 1000);
  c.channel = ChannelRecord{.idle_bytes = 6000,
                            .loaded_bytes = 71000,
                            .payload_bytes = 65536,
                            .channels = 64,
                            .capped = true,
                            .source = "cgroup-v2"};
  const CaseSummary summary = summarised(c).summary;
  EXPECT_DOUBLE_EQ(*summary.channel_idle.median, 6000);
  EXPECT_DOUBLE_EQ(*summary.channel_loaded.median, 71000);
  EXPECT_EQ(summary.channel_idle.reason, "slope over 64 channels");
  EXPECT_EQ(summary.channel_loaded.reason, "slope over 64 channels, which would take more: at least");
  EXPECT_EQ(summary.channel_source, "cgroup-v2");
  c.channel = ChannelRecord{.idle_bytes = 1000, .channels = 512, .source = "cgroup-v1"};
  EXPECT_EQ(summarised(c).summary.channel_loaded.reason, "the transport carries nothing");
}

}  // namespace
}  // namespace ipcbench
