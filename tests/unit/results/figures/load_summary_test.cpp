#include "results/figures/load_summary.h"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/measure/histogram.h"
#include "plots/exports/hdr_log.h"
#include "plots/exports/hgrm.h"
#include "plots/tables/load_tables.h"
#include "plots/tables/result_tables.h"
#include "results/figures/launch_figures.h"
#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "results/files/json.h"
#include "results/rows/precision.h"
#include "tests/support/open_loops.h"
#include "tests/support/sample_result.h"
#include "tests/support/schema_errors.h"

namespace ipcbench {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const CaseSummary& summary_of(Result& result) {
  summarise(result);
  return result.cases.front().summary;
}

TEST(LoadSummary, HasThreeKindsOfTimeAndTwoRates) {
  Result result = open_loop_result({{"pacer", "spin"}, {"rate", "20000"}});
  const CaseSummary& summary = summary_of(result);
  EXPECT_EQ(summary.response_p50.median, bucket_midpoint(1000));
  EXPECT_EQ(summary.service_p999.median, bucket_midpoint(900));
  EXPECT_EQ(summary.lateness_p50.median, 20);
  EXPECT_EQ(summary.response_max.median, 90'000);
  EXPECT_EQ(summary.offered_per_s.median, 20'000);
  EXPECT_EQ(summary.achieved_per_s.median, 19'990);
  EXPECT_THAT(summary.saturation_per_s.reason, HasSubstr("rate=max"));
  EXPECT_THAT(summary.rtt_p50.reason, HasSubstr("response"));
  EXPECT_THAT(summary.messages_per_s.reason, HasSubstr("offered"));
  EXPECT_EQ(summary.not_ranked, "");
  EXPECT_EQ(&headline_figure(result.cases.front()), &summary.response_p50);
}

TEST(LoadSummary, IsByServiceWhereATimerDrivesTheSender) {
  Result result = open_loop_result({{"rate", "20000"}});
  summary_of(result);
  EXPECT_EQ(&headline_load(result.cases.front()), &result.cases.front().summary.service_p50);
}

TEST(LoadSummary, AQuantileWithoutSupportSaysHowManyMessagesItNeeds) {
  LoadRecord load = steady_load(1000);
  load.response = load.service = load.lateness = many(1000, 5000);
  Result result = open_loop_result({{"rate", "20000"}}, load);
  EXPECT_EQ(summary_of(result).response_p999.reason, "needs 10000 messages in a launch, there are 5000");
  EXPECT_TRUE(result.cases.front().summary.response_p99.median);
}

TEST(LoadSummary, TheSaturationIsARateWithoutTimes) {
  Result result = open_loop_result({}, {.achieved_per_s = 2e6});
  const CaseSummary& summary = summary_of(result);
  EXPECT_EQ(summary.saturation_per_s.median, 2e6);
  EXPECT_THAT(summary.response_p50.reason, HasSubstr("all messages are due at once"));
  EXPECT_EQ(&headline_load(result.cases.front()), &summary.saturation_per_s);
}

TEST(LoadSummary, MoreThanAQuarterOverloadedHasNoTimes) {
  for (const int overloaded : {0, 1, 2, 3}) {
    Result result = open_loop_result({{"rate", "20000"}});
    for (int i = 0; i < overloaded; ++i)
      result.cases[0].launches[static_cast<std::size_t>(i)].load = {
          .offered_per_s = 20'000, .achieved_per_s = 15'000, .overloaded = true};
    const CaseSummary& summary = summary_of(result);
    EXPECT_EQ(summary.response_p50.median.has_value(), overloaded < 3) << overloaded;
    EXPECT_EQ(summary.not_ranked.empty(), overloaded == 0) << overloaded;
    if (overloaded == 3) {
      EXPECT_THAT(summary.response_p50.reason, HasSubstr("overloaded in 3 of 9 launches"));
      EXPECT_TRUE(summary.achieved_per_s.median);
    }
  }
}

// Lateness at p50 may be the larger of a tenth of the response and three clock overheads: 100 and 60 ns here.
TEST(LoadSummary, APacerThatIsLateIsUnsteady) {
  for (const std::uint64_t lateness : {99u, 101u}) {
    LoadRecord load = steady_load(1000);
    load.lateness = many(lateness);
    Result result = open_loop_result({{"pacer", "spin"}, {"rate", "20000"}}, load);
    const CaseSummary& summary = summary_of(result);
    EXPECT_EQ(result.cases[0].launches[0].load->unsteady, lateness == 101) << lateness;
    EXPECT_EQ(summary.not_ranked.empty(), lateness == 99) << lateness;
    EXPECT_TRUE(summary.response_p50.median) << "all launches are used";
  }
}

// Twice the share of time in holes, 0.001 on the noisier of the two CPUs.
TEST(LoadSummary, MoreLateMessagesThanHolesIsUnsteady) {
  for (const double late : {0.0019, 0.0021}) {
    LoadRecord load = steady_load(1000);
    load.late_ratio = late;
    Result result = open_loop_result({{"pacer", "spin"}, {"rate", "20000"}}, load);
    summary_of(result);
    EXPECT_EQ(result.cases[0].launches[0].load->unsteady, late > 0.002) << late;
  }
}

TEST(LoadSummary, ATimerIsNeverUnsteady) {
  LoadRecord load = steady_load(1000);
  load.lateness = many(50'000);
  load.late_ratio = 1;
  Result result = open_loop_result({{"rate", "20000"}}, load);
  EXPECT_EQ(summary_of(result).not_ranked, "");
}

TEST(LoadSummary, OneWayTimesUnderTwiceTheClocksErrorAreNotRanked) {
  for (const double error : {449.0, 451.0}) {  // of a service of 900 ns, in a bucket of 4
    Result result = open_loop_result({{"rate", "20000"}});
    result.clock.pairs[0].error_ns = error;
    const CaseSummary& summary = summary_of(result);
    EXPECT_EQ(summary.not_ranked.empty(), error == 449) << error;
    EXPECT_EQ(summary.clock_error_ns, error);
    const std::string text = to_text(load_tables(result), {});
    EXPECT_EQ(text.find("(clock)") == std::string::npos, error == 449) << text;
  }
  Result answered = open_loop_result({{"form", "round-trip"}, {"rate", "20000"}});
  answered.clock.pairs[0].error_ns = 1e6;
  EXPECT_EQ(summary_of(answered).not_ranked, "") << "round trips have one clock";
}

TEST(LoadSummary, CpuTimeIsLessWhatThePacerTakes) {
  LoadRecord load = steady_load(1000);
  load.pacer_cpu_ns = 300;
  Result result = open_loop_result({{"rate", "20000"}}, load);
  // The sample's two sides use half of 1000 messages of 1000 ns each.
  EXPECT_DOUBLE_EQ(*summary_of(result).cpu_ns_per_op.median, 700);
  EXPECT_DOUBLE_EQ(*result.cases[0].summary.consumer_cpu_ns_per_op.median, 500);
}

TEST(LoadSummary, ASpinningPacerHidesTheSendersCpuTime) {
  Result result = open_loop_result({{"pacer", "spin"}, {"rate", "20000"}});
  EXPECT_THAT(summary_of(result).cpu_ns_per_op.reason, HasSubstr("spinning pacer"));
  EXPECT_TRUE(result.cases[0].summary.consumer_cpu_ns_per_op.median);
}

TEST(LoadExports, AreOfTheResponses) {
  Result result = open_loop_result({{"rate", "20000"}});
  summarise(result);
  EXPECT_THAT(to_hgrm(result.cases[0]), HasSubstr("responses in ns"));
  EXPECT_THAT(to_hgrm(result.cases[0]), HasSubstr("Total count    =       180000"));
  EXPECT_THAT(to_hdr_log(result.cases[0]), HasSubstr(",0.090," + to_hdr_base64(many(1000))));
}

TEST(LoadFile, IsReadBackAndValid) {
  LoadRecord load = steady_load(1000);
  load.pacer_cpu_ns = 300;
  Result result = open_loop_result({{"load", "50"}}, load);
  result.cases[0].rate_per_s = 20'000;
  summarise(result);
  const std::string text = to_json(result);
  const Result read = result_from_json(text, "a file");
  EXPECT_EQ(to_json(read), text);
  const LoadRecord& stored = *read.cases[0].launches[3].load;
  EXPECT_EQ(stored.response.counts, load.response.counts);
  EXPECT_EQ(stored.pacer_cpu_ns, 300);
  EXPECT_EQ(read.cases[0].rate_per_s, 20'000u);
  EXPECT_EQ(read.clock.pairs[0].error_ns, 100);
  EXPECT_EQ(read.cases[0].summary.response_p50.median, bucket_midpoint(1000));
#if IPCBENCH_HAS_VALIDATOR
  EXPECT_EQ(schema_errors("ipcbench-result", nlohmann::json::parse(text)), "");
#endif
}

TEST(LoadFile, OtherScenariosHaveNoneOfItsKeys) {
  Result result = sample_result();
  summarise(result);
  const nlohmann::json document = nlohmann::json::parse(to_json(result));
  for (const nlohmann::json& c : document["cases"]) {
    EXPECT_FALSE(c["summary"].contains("load"));
    EXPECT_FALSE(c["summary"].contains("response_ns"));
    EXPECT_FALSE(c.contains("rate_per_s"));
    for (const nlohmann::json& launch : c["launches"]) EXPECT_FALSE(launch.contains("load"));
  }
}

}  // namespace
}  // namespace ipcbench
