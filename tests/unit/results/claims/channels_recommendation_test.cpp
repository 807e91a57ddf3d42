#include "results/claims/channels_recommendation.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "plots/tables/channels_recommendation_tables.h"
#include "results/figures/load_summary.h"
#include "results/figures/summary.h"
#include "tests/support/casts.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Result measured_channels() {
  Result result = channels_result();
  result.transports = {{.name = "pipe", .available = true}, {.name = "tcp", .available = true}};
  return result;
}

const ChannelsQualified& row_by(const ChannelsRecommendation& answer, const std::string& mux) {
  return *std::ranges::find_if(answer.qualified,
                               [&](const ChannelsQualified& row) { return scenario_option(*row.worse, "mux") == mux; });
}

std::string why_without(const ChannelsRecommendation& answer, const std::string& transport) {
  const auto found = std::ranges::find(answer.excluded, transport, &Excluded::transport);
  return found == answer.excluded.end() ? "qualifies" : found->reason;
}

constexpr Need kOneWay{.pattern = NeedPattern::stream};

TEST(ChannelsRecommendation, TakesTheWorseOfTheTwoNumbersNextToTheOneNeeded) {
  const Result result = measured_channels();
  const ChannelsRecommendation answer = recommend_for_channels(result, kOneWay, 100);
  ASSERT_THAT(answer.qualified, SizeIs(2));
  const ChannelsQualified& poll = row_by(answer, "poll");
  EXPECT_EQ(channels_of(*poll.below), 64u);
  EXPECT_EQ(channels_of(*poll.above), 256u);
  EXPECT_EQ(poll.worse, poll.above);
  EXPECT_THAT(to_text(channels_recommendation_tables(answer), {}), HasSubstr("64 and 256 channels"));
}

TEST(ChannelsRecommendation, RanksByTheRate) {
  const Result result = measured_channels();
  const std::vector<Table> many = channels_recommendation_tables(recommend_for_channels(result, kOneWay, 256));
  EXPECT_EQ(std::get<std::string>(many[0].parts.at(0).rows.at(0).at(2).value), "epoll");
  const std::vector<Table> one = channels_recommendation_tables(recommend_for_channels(result, kOneWay, 1));
  EXPECT_EQ(std::get<std::string>(one[0].parts.at(0).rows.at(0).at(2).value), "poll");
}

TEST(ChannelsRecommendation, SaysWhatIsMissingAndHowToMeasureIt) {
  const Result result = measured_channels();
  const ChannelsRecommendation answer = recommend_for_channels(result, kOneWay, 500);
  EXPECT_THAT(answer.qualified, IsEmpty());
  EXPECT_THAT(why_without(answer, "pipe"), HasSubstr("mux=epoll: not measured: ipcbench run --scenario channels "
                                                     "--transport pipe --size 64 --placement same-cpu --option "
                                                     "channels=500"));
  EXPECT_THAT(why_without(answer, "tcp"), HasSubstr("--transport tcp"));
}

TEST(ChannelsRecommendation, RepeatsWhySoManyWereSkipped) {
  Result result = measured_channels();
  for (CaseRecord& c : result.cases) {
    if (channels_of(c) != 256) continue;
    c.status = Status::skipped;
    c.reason = "RLIMIT_NOFILE is 64";
    c.launches.clear();
  }
  summarise(result);
  EXPECT_THAT(why_without(recommend_for_channels(result, kOneWay, 100), "pipe"), HasSubstr("RLIMIT_NOFILE is 64"));
}

TEST(ChannelsRecommendation, LeavesSpinningToThoseWhoMay) {
  Result result = measured_channels();
  for (CaseRecord& c : result.cases) {
    for (auto& [name, value] : c.options) {
      if (value == "poll") value = "spin";
    }
  }
  EXPECT_THAT(recommend_for_channels(result, kOneWay, 16).qualified, SizeIs(1));
  Need may_spin = kOneWay;
  may_spin.may_spin = true;
  EXPECT_THAT(recommend_for_channels(result, may_spin, 16).qualified, SizeIs(2));
}

TEST(ChannelsRecommendation, RefusesAResultWithoutThem) {
  const Result result = cast_result();
  EXPECT_THROW(recommend_for_channels(result, kOneWay, 16), UsageError);
}

}  // namespace
}  // namespace ipcbench
