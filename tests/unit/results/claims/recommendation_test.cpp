#include "results/claims/recommendation.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "plots/tables/guide_table.h"
#include "results/model/utf8.h"
#include "tests/support/compared_sample.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::string> names_of(const Recommendation& answer) {
  std::vector<std::string> names;
  for (const Qualified& qualified : answer.qualified) {
    names.push_back(fmt::format("{}/{}", qualified.measured->transport, to_string(qualified.measured->wait)));
  }
  return names;
}

std::string exclusion_of(const Recommendation& answer, const std::string& transport) {
  const auto found = std::ranges::find(answer.excluded, transport, &Excluded::transport);
  return found == answer.excluded.end() ? "not excluded" : found->reason;
}

void set_capability(Result& result, const std::string& transport, const std::string& capability, AttributeValue value) {
  std::ranges::find(result.transports, transport, &TransportRecord::name)
      ->capabilities.emplace_back(capability, std::move(value));
}

TEST(Recommendation, TakesWhatCarriesTheMessages) {
  const Result result = compared_sample();
  const Recommendation answer = recommend(result, {});
  EXPECT_EQ(answer.by, Criterion::latency);
  EXPECT_EQ(answer.need.placement, Placement::same_cpu);
  EXPECT_THAT(names_of(answer),
              UnorderedElementsAre("pipe/block", "fifo/block", "sysv-mq/block", "sysv-shm/block", "sysv-shm-loan/block",
                                   "unix-stream/block", "tcp/block", "dbus/block"));
  EXPECT_EQ(exclusion_of(answer, "signal"), "carries nothing but notifications");
  EXPECT_EQ(exclusion_of(answer, "rt-signal"), "a message holds at most 8 B");
}

TEST(Recommendation, WhatMessagesOfOneSizeCanHoldQualifies) {
  const Result result = compared_sample();
  EXPECT_THAT(names_of(recommend(result, {.size = 4})), ::testing::Contains("rt-signal/block"));
}

TEST(Recommendation, NotificationsAreForWhatCarriesNothing) {
  const Result result = compared_sample();
  const Recommendation answer = recommend(result, {.size = 0});
  EXPECT_THAT(names_of(answer), UnorderedElementsAre("signal/block", "sysv-sem/block"));
  EXPECT_EQ(exclusion_of(answer, "pipe"), "carries messages: more than a notification needs");
}

TEST(Recommendation, EveryDemandExcludesWithItsReason) {
  Result result = compared_sample();
  struct Case {
    Need need;
    const char* capability;
    AttributeValue lacking;
    const char* reason;
  };
  const std::vector<Case> cases = {
      {{.unrelated = true}, "related_only", true, "needs a common ancestor"},
      {{.crosses_hosts = true}, "crosses_hosts", false, "ends at this machine"},
      {{.persistent = true}, "persistence", std::string("process"), "goes with its processes"},
      {{.boundaries = true}, "keeps_boundaries", false, "keeps no message boundaries"},
      {{.self_synchronising = true}, "self_synchronising", false, "does not make a fast side wait"},
      {{.reliable = true}, "reliable", false, "may lose messages"},
      {{.access_control = true}, "access_control", false, "nothing guards it"},
      {{.no_service = true}, "needs_service", std::string("busd"), "needs busd"},
      {{.pattern = NeedPattern::one_to_many}, "one_to_many", false, "sends to one receiver at a time"},
      {{.pattern = NeedPattern::many_to_many}, "many_to_many", false, "joins two sides only"},
  };
  for (const Case& c : cases) set_capability(result, "pipe", c.capability, c.lacking);
  set_capability(result, "pipe", "typed", false);
  set_capability(result, "pipe", "priorities", false);
  EXPECT_EQ(exclusion_of(recommend(result, {}), "pipe"), "not excluded");
  for (const Case& c : cases) {
    const Recommendation answer = recommend(result, c.need);
    EXPECT_EQ(exclusion_of(answer, "pipe"), c.reason);
    EXPECT_EQ(exclusion_of(answer, "fifo"), "not excluded") << c.reason;  // unknown for this transport
  }
  EXPECT_EQ(exclusion_of(recommend(result, {.typed = true}), "pipe"), "has neither types nor priorities");
}

TEST(Recommendation, WhatCannotRunOrWasRefusedSaysWhy) {
  Result result = compared_sample();
  std::ranges::find(result.transports, "tcp", &TransportRecord::name)->available = false;
  std::ranges::find(result.transports, "tcp", &TransportRecord::name)->reason = "no loopback";
  const Recommendation answer = recommend(result, {.size = 65536, .pattern = NeedPattern::stream});
  EXPECT_EQ(answer.by, Criterion::throughput);
  EXPECT_EQ(exclusion_of(answer, "tcp"), "can't run here: no loopback");
  EXPECT_EQ(exclusion_of(answer, "sysv-mq"), "streaming at 64 KiB: msgmax is 8192, the case needs 65536");
}

TEST(Recommendation, SpinningIsForThoseWhoPermitIt) {
  Result result = compared_sample();
  CaseRecord spin = compared_case(Scenario::ping_pong, "sysv-shm", 64, Placement::same_cpu, WaitStrategy::spin);
  spin.summary.rtt_p50 = sharp(150);
  result.cases.push_back(spin);
  EXPECT_THAT(names_of(recommend(result, {})), ::testing::Not(::testing::Contains("sysv-shm/spin")));
  EXPECT_THAT(names_of(recommend(result, {.may_spin = true})), ::testing::Contains("sysv-shm/spin"));
}

TEST(Recommendation, MemoryThatMissesKernelObjectsIsShownAndNotRanked) {
  Result result = compared_sample();
  ChannelRecord& queue = *case_of(result, "ping-pong/sysv-mq/block/64/same-cpu").channel;
  case_of(result, "ping-pong/sysv-mq/block/64/same-cpu").summary.channel_loaded.median = 8211;
  const Need need{.by = Criterion::memory};
  EXPECT_THAT(to_csv(recommendation_tables(recommend(result, need))[0]), HasSubstr("\r\n1,sysv-mq,block,8211,"));
  queue.kernel_objects = "none";
  const Table table = recommendation_tables(recommend(result, need))[0];
  EXPECT_THAT(to_csv(table), HasSubstr("\r\n1,pipe,block,70000,"));
  const auto& last = table.parts[0].rows.back();
  EXPECT_EQ(last[0].shown, "");
  EXPECT_EQ(last[3].shown, "≥ 8.02 KiB");
  EXPECT_THAT(to_csv(table),
              HasSubstr("\"kernel objects not seen, so not ranked\",ping-pong/sysv-mq/block/64/same-cpu,yes"));
}

TEST(Recommendation, AMissingMemoryFigureHasNoStandInAndSaysWhy) {
  Result result = compared_sample();
  CaseSummary& pipe = case_of(result, "ping-pong/pipe/block/64/same-cpu").summary;
  pipe.channel_idle = {.median = 4997, .ci95 = Interval{4997, 4997}, .n = 1};
  pipe.channel_loaded = {.reason = "two measurements differ"};
  const Table table = recommendation_tables(recommend(result, {.by = Criterion::memory}))[0];
  EXPECT_THAT(to_csv(table), HasSubstr("no figure: two measurements differ"));
  EXPECT_THAT(to_csv(table), ::testing::Not(HasSubstr("4997")));
  EXPECT_THAT(to_csv(table), ::testing::Not(HasSubstr("\r\n1,pipe,")));
}

TEST(Recommendation, WhatALimitChangedIsShownWithItAndNotRanked) {
  Result result = compared_sample();
  EXPECT_THAT(to_csv(recommendation_tables(recommend(result, {}))[0]), HasSubstr("\r\n1,sysv-shm"));
  for (const char* transport : {"sysv-shm", "sysv-shm-loan", "posix-shm-loan"}) {
    for (CaseRecord& c : result.cases) {
      if (c.transport == transport) c.summary.limits_met = {{sample_limit(), 9}};
    }
  }
  const Table table = recommendation_tables(recommend(result, {}))[0];
  EXPECT_THAT(to_csv(table), HasSubstr("\r\n1,pipe,block,4000"));
  EXPECT_THAT(to_text(table, {}), HasSubstr("‡ not ranked: fs.pipe-user-pages-soft is 16384"));
  EXPECT_THAT(to_text(table, {}), HasSubstr("1.00 µs ‡"));
}

TEST(Recommendation, AnotherSizeIsTheNearestMeasuredAndSaid) {
  const Result result = compared_sample();
  const Recommendation answer = recommend(result, {.size = 40000, .pattern = NeedPattern::stream});
  EXPECT_EQ(answer.size, 65536u);
  EXPECT_THAT(answer.notes, ElementsAre(HasSubstr("64 KiB")));
  EXPECT_THAT(recommend(result, {.size = 65536, .pattern = NeedPattern::stream}).notes, IsEmpty());
}

TEST(Recommendation, APlacementThatWasNotMeasuredIsRefused) {
  const Result result = compared_sample();
  try {
    recommend(result, {.placement = PlacementName(std::string("same-cpus"))});
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'same-cpu'?"));
  }
}

TEST(Recommendation, TwoCpusComeBeforeOne) {
  Result result = compared_sample();
  CaseRecord c = compared_case(Scenario::ping_pong, "pipe", 64, Placement::same_l3);
  c.summary.rtt_p50 = sharp(30000);
  result.cases.push_back(c);
  EXPECT_EQ(recommend(result, {}).need.placement, Placement::same_l3);
}

TEST(Recommendation, PlacementsOfCastsAreNotThoseOfPairs) {
  Result result = compared_sample();
  CaseRecord cast = compared_case(Scenario::fan_in, "pipe", 64, Placement::split);
  result.cases.insert(result.cases.begin(), cast);
  EXPECT_EQ(recommend(result, {}).need.placement, Placement::same_cpu);
}

TEST(Recommendation, WithoutCastsManyToManySaysHowToMeasureThem) {
  const Recommendation answer = recommend(compared_sample(), {.pattern = NeedPattern::many_to_many});
  EXPECT_THAT(answer.notes, ElementsAre(HasSubstr("those of one sender and one receiver; casts of more were not "
                                                  "measured: ipcbench run --scenario many-to-many")));
}

TEST(Recommendation, AnEmptyResultRecommendsNothing) {
  const Recommendation answer = recommend({}, {});
  EXPECT_THAT(answer.qualified, IsEmpty());
  EXPECT_THAT(to_text(recommendation_tables(answer), {}), HasSubstr("nothing that was measured qualifies"));
}

TEST(RecommendationTable, RanksByTheFigureAndGroupsWhatIsExcluded) {
  const Result result = compared_sample();
  const std::vector<Table> tables =
      recommendation_tables(recommend(result, {.size = 65536, .pattern = NeedPattern::stream}));
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_THAT(to_csv(tables[0]), HasSubstr("\r\n1,sysv-shm-loan,block,9000000000,8910000000,9090000000,"));
  EXPECT_THAT(to_csv(tables[1]), HasSubstr("\"signal, sysv-sem\",carries nothing but notifications\r\n"));
}

TEST(GuideTable, SetsTheSourcesAdviceBesideTheMeasuredBest) {
  const Table table = guide_table(compared_sample());
  ASSERT_EQ(table.parts[0].rows.size(), 8u);
  const std::string text = to_text(table, {});
  EXPECT_THAT(text, HasSubstr("large data: a stream of 64 KiB messages"));
  EXPECT_THAT(text, HasSubstr("sysv-shm-loan 9.00 GB/s (#1)"));
  for (const Language language : {Language::english, Language::chinese}) {
    const std::string shown = to_text(guide_table(compared_sample(), language), {});
    for (std::size_t at = 0; at < shown.size();) {
      const std::size_t end = shown.find('\n', at);
      EXPECT_LE(display_width(shown.substr(at, end - at)), 120u) << shown.substr(at, end - at);
      at = end + 1;
    }
  }
}

}  // namespace
}  // namespace ipcbench
