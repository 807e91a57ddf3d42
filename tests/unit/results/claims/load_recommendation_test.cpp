#include "results/claims/load_recommendation.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "plots/tables/load_recommendation_tables.h"
#include "results/figures/load_summary.h"
#include "results/figures/summary.h"
#include "tests/support/open_loops.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

CaseRecord loaded(const std::string& transport, std::uint64_t rate, std::uint64_t p99_ns, double cpu_ns) {
  CaseRecord c = open_loop_case({{"rate", std::to_string(rate)}});
  c.transport = transport;
  c.id = "rate/" + transport + "/block/64/same-l3/rate=" + std::to_string(rate);
  for (LaunchRecord& launch : c.launches) {
    launch.load->response = launch.load->service = many(p99_ns);
    launch.load->pacer_cpu_ns = 0;
    launch.usage[0].cpu_ns = launch.usage[1].cpu_ns = cpu_ns / 2 * static_cast<double>(launch.verified);
  }
  return c;
}

// A pipe that gets slower with the rate, and a tcp that costs more CPU time.
Result loads_of_two() {
  Result result = open_loop_result({}, {.achieved_per_s = 500'000});
  for (const auto& [rate, p99] : {std::pair(1000u, 30'000u), {10'000u, 20'000u}, {100'000u, 60'000u}})
    result.cases.push_back(loaded("pipe", rate, p99, 1000));
  for (const std::uint64_t rate : {10'000u, 100'000u}) result.cases.push_back(loaded("tcp", rate, 40'000, 20'000));
  result.transports = {{.name = "pipe", .available = true}, {.name = "tcp", .available = true}};
  summarise(result);
  return result;
}

std::string why_not(const LoadRecommendation& answer, const std::string& transport) {
  const auto found = std::ranges::find(answer.excluded, transport, &Excluded::transport);
  return found == answer.excluded.end() ? "qualifies" : found->reason;
}

constexpr Need kStream{.pattern = NeedPattern::stream};

TEST(LoadRecommendation, TakesTheWorseOfTheTwoRatesNextToTheOneNeeded) {
  const Result result = loads_of_two();
  const LoadRecommendation answer = recommend_at_rate(result, kStream, {.rate_per_s = 20'000});
  ASSERT_THAT(answer.qualified, SizeIs(2));
  EXPECT_EQ(answer.qualified[0].below.rate_per_s, 10'000);
  EXPECT_EQ(answer.qualified[0].above.rate_per_s, 100'000);
  EXPECT_EQ(answer.qualified[0].worse.rate_per_s, 100'000);
  const LoadRecommendation lower = recommend_at_rate(result, kStream, {.rate_per_s = 2000});
  EXPECT_EQ(lower.qualified[0].worse.rate_per_s, 1000) << "the worse may be the lower rate";
  const LoadRecommendation exact = recommend_at_rate(result, kStream, {.rate_per_s = 10'000});
  EXPECT_EQ(exact.qualified[0].worse.rate_per_s, 10'000) << "what was measured itself needs no neighbours";
}

TEST(LoadRecommendation, LeavesOutWhatBreaksTheTimeOrTheCpuBudget) {
  const Result result = loads_of_two();
  const LoadRecommendation by_time = recommend_at_rate(result, kStream, {.rate_per_s = 20'000, .p99_ns = 50'000});
  ASSERT_THAT(by_time.qualified, SizeIs(1));
  EXPECT_EQ(by_time.qualified[0].curve.any().transport, "tcp");
  EXPECT_THAT(why_not(by_time, "pipe"), AllOf(HasSubstr("at 100000/s"), HasSubstr("is over 50 µs")));
  const LoadRecommendation by_cpu = recommend_at_rate(result, kStream, {.rate_per_s = 20'000, .cpu_ratio = 0.3});
  ASSERT_THAT(by_cpu.qualified, SizeIs(1));
  EXPECT_EQ(by_cpu.qualified[0].curve.any().transport, "pipe");
  EXPECT_NEAR(*by_cpu.qualified[0].cpu_ratio, 0.02, 1e-9);
  EXPECT_THAT(why_not(by_cpu, "tcp"), HasSubstr("CPU time of 40 % is over 30 %"));
}

TEST(LoadRecommendation, LeavesOutARateThatIsntSustained) {
  Result result = loads_of_two();
  for (CaseRecord& c : result.cases) {
    if (c.transport == "pipe" && !measures_saturation(c)) c.launches.front().load->overloaded = true;
  }
  summarise(result);
  EXPECT_THAT(why_not(recommend_at_rate(result, kStream, {.rate_per_s = 20'000}), "pipe"),
              HasSubstr("it isn't sustained in 1 of"));
}

TEST(LoadRecommendation, TakesTwoCpusIfItMay) {
  Result result = loads_of_two();
  std::vector<CaseRecord> first = result.cases;
  for (CaseRecord& c : first) c.placement = Placement::same_cpu;
  result.cases.insert(result.cases.begin(), first.begin(), first.end());
  summarise(result);
  EXPECT_EQ(recommend_at_rate(result, kStream, {.rate_per_s = 20'000}).need.placement, Placement::same_l3);
}

TEST(LoadRecommendation, SaysWhichMeasurementIsMissing) {
  const Result result = loads_of_two();
  const LoadRecommendation beyond = recommend_at_rate(result, kStream, {.rate_per_s = 200'000});
  EXPECT_THAT(beyond.qualified, IsEmpty());
  EXPECT_THAT(why_not(beyond, "tcp"),
              HasSubstr("not measured above 200000/s: ipcbench load --transport tcp --placement same-l3 --size 64 "
                        "--rate 200000"));
  EXPECT_THAT(why_not(recommend_at_rate(result, kStream, {.rate_per_s = 5000}), "tcp"),
              HasSubstr("not measured below"));
  EXPECT_THAT(why_not(recommend_at_rate(result, kStream, {.rate_per_s = 600'000}), "pipe"),
              HasSubstr("doesn't surely carry more than 500000/s"));
  Need larger = kStream;
  larger.size = 4096;
  EXPECT_THAT(why_not(recommend_at_rate(result, larger, {.rate_per_s = 20'000}), "pipe"),
              HasSubstr("no loads of this size and form were measured: ipcbench load --transport pipe --placement "
                        "same-l3 --size 4096"))
      << "never between sizes";
  EXPECT_THAT(why_not(recommend_at_rate(result, {}, {.rate_per_s = 20'000}), "pipe"), HasSubstr("form=round-trip"))
      << "answered messages are another form";
}

TEST(LoadRecommendation, RefusesAResultWithoutLoads) {
  Result result = open_loop_result({}, {.achieved_per_s = 500'000});
  summarise(result);
  EXPECT_THROW(recommend_at_rate(result, kStream, {.rate_per_s = 20'000}), UsageError);
  Need elsewhere = kStream;
  elsewhere.placement = PlacementName("same-cpu");
  EXPECT_THROW(recommend_at_rate(loads_of_two(), elsewhere, {.rate_per_s = 20'000}), UsageError);
}

TEST(LoadRecommendationTables, RankByTheP99) {
  const Result result = loads_of_two();
  const std::string text = to_text(
      load_recommendation_tables(recommend_at_rate(result, kStream, {.rate_per_s = 20'000, .cpu_ratio = 0.5})), {});
  EXPECT_THAT(text, AllOf(HasSubstr("For messages of 64 B at 20.0 k/s, same-l3, CPU time below 50.0 %"),
                          HasSubstr("10.0 k/s and 100 k/s"), Not(HasSubstr("Excluded"))));
  EXPECT_LT(text.find("tcp"), text.find("pipe")) << "the pipe is slower at 100 000/s";
}

}  // namespace
}  // namespace ipcbench
