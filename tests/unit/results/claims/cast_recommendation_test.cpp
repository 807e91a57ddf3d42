#include "results/claims/cast_recommendation.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "plots/tables/cast_recommendation_tables.h"
#include "results/figures/summary.h"
#include "tests/support/casts.h"
#include "tests/support/compared_sample.h"

namespace ipcbench {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

CaseRecord many_to_many(const std::string& transport, const char* producers, const char* consumers, const char* sharing,
                        double ns, std::uint64_t size = 64) {
  return cast_case(Scenario::many_to_many, transport, size,
                   {{"consumers", consumers}, {"producers", producers}, {"sharing", sharing}}, {.ops_ns = ns});
}

// Casts over three mechanisms: 2 to 2 and 8 to 8 of a pipe, 8 to 8 of a queue and a socket.
Result measured_casts() {
  Result result = compared_sample();
  result.cases = {
      many_to_many("pipe", "2", "2", "shared", 500),           many_to_many("pipe", "8", "8", "shared", 2000),
      many_to_many("pipe", "8", "8", "per-peer", 3000),        many_to_many("sysv-mq", "8", "8", "shared", 1000),
      many_to_many("unix-stream", "8", "8", "per-peer", 4000), many_to_many("tcp", "8", "8", "per-peer", 100, 4096)};
  summarise(result);
  return result;
}

const Need kManyToMany{.pattern = NeedPattern::many_to_many};

std::vector<std::string> ids_of(const CastRecommendation& answer) {
  std::vector<std::string> ids;
  for (const CastQualified& row : answer.qualified) ids.push_back(row.measured->id);
  return ids;
}

std::string exclusion_of(const CastRecommendation& answer, const std::string& transport) {
  const auto found = std::ranges::find(answer.excluded, transport, &Excluded::transport);
  return found == answer.excluded.end() ? "not excluded" : found->reason;
}

TEST(CastRecommendation, RanksTheNumberOfProcessesNextToWhatIsNeeded) {
  const Result result = measured_casts();
  const CastRecommendation answer = recommend_cast(result, kManyToMany, {.producers = 20, .consumers = 20});
  const std::string end = "/block/64/same-cpu/consumers=8/producers=8/sharing=";
  EXPECT_THAT(ids_of(answer),
              ElementsAre("many-to-many/pipe" + end + "shared", "many-to-many/pipe" + end + "per-peer",
                          "many-to-many/sysv-mq" + end + "shared", "many-to-many/unix-stream" + end + "per-peer"));
  EXPECT_THAT(answer.notes,
              Contains("measured with 8 to 8, the number of processes next to 20 to 20; that one: ipcbench run "
                       "--scenario many-to-many --placement same-cpu --size 64 --option producers=20,consumers=20"));
  const std::string csv = to_csv(cast_recommendation_tables(answer)[0]);
  EXPECT_THAT(csv, HasSubstr("\r\n1,sysv-mq,block,shared,"));
  EXPECT_THAT(csv, HasSubstr("\r\n4,unix-stream,block,per-peer,"));
  EXPECT_THAT(ids_of(recommend_cast(result, kManyToMany, {.producers = 3, .consumers = 2})),
              ElementsAre("many-to-many/pipe/block/64/same-cpu/consumers=2/producers=2/sharing=shared"));
}

TEST(CastRecommendation, NamesWhatWasNotMeasured) {
  const Result result = measured_casts();
  const CastRecommendation answer = recommend_cast(result, kManyToMany, {.producers = 8, .consumers = 8});
  EXPECT_EQ(exclusion_of(answer, "tcp"), "no cast of 8 to 8 was measured with this size and placement")
      << "one of another size says nothing";
  EXPECT_THAT(answer.notes, Contains(HasSubstr("to measure what is missing: ipcbench run --scenario many-to-many "
                                               "--transport ")));
  EXPECT_THAT(answer.notes, Contains(HasSubstr("tcp")));
  EXPECT_THAT(answer.notes, Contains(HasSubstr("--option producers=8,consumers=8")));
  EXPECT_THAT(answer.notes, Not(Contains(HasSubstr("pipe")))) << "it was measured";
  EXPECT_THAT(answer.notes, Not(Contains(HasSubstr("signal")))) << "it carries no such messages";
  EXPECT_EQ(exclusion_of(answer, "signal"), "carries nothing but notifications");
}

TEST(CastRecommendation, GoesByWhatWasMeasuredAndNotByWhatASingleObjectCan) {
  Result result = measured_casts();
  std::ranges::find(result.transports, "unix-stream", &TransportRecord::name)
      ->capabilities.emplace_back("many_to_many", false);
  EXPECT_EQ(exclusion_of(recommend_cast(result, kManyToMany, {.producers = 8, .consumers = 8}), "unix-stream"),
            "not excluded");
}

TEST(CastRecommendation, WhatCouldNotBeMeasuredSaysWhy) {
  Result result = measured_casts();
  for (CaseRecord& c : result.cases) {
    if (c.transport != "sysv-mq") continue;
    c.launches.clear();
    c.status = Status::skipped;
    c.reason = "msgmnb is 16384";
  }
  EXPECT_EQ(exclusion_of(recommend_cast(result, kManyToMany, {.producers = 8, .consumers = 8}), "sysv-mq"),
            "msgmnb is 16384");
}

TEST(CastRecommendation, OneStaysOneAndManyStayMany) {
  const Result result = measured_casts();
  EXPECT_TRUE(has_casts_for(result, kManyToMany, {.producers = 100, .consumers = 2}));
  EXPECT_FALSE(has_casts_for(result, {.pattern = NeedPattern::stream}, {.producers = 8, .consumers = 1}));
  EXPECT_FALSE(has_casts_for(result, kManyToMany, {.producers = 8, .consumers = 8, .to_all = true}));
  EXPECT_FALSE(has_casts_for(result, {}, {.producers = 8, .consumers = 1})) << "there is no server";
}

TEST(CastRecommendation, ClientsOfAServerAreRankedByTheirRoundTrips) {
  const Result result = cast_result();
  const CastRecommendation answer = recommend_cast(result, {}, {.producers = 8, .consumers = 1});
  EXPECT_EQ(answer.by, Criterion::latency);
  for (const CastQualified& row : answer.qualified) {
    EXPECT_EQ(row.measured->scenario, Scenario::server);
    EXPECT_EQ(row.figure, &headline_rtt(row.measured->summary));
    EXPECT_THAT(row.measured->id, Not(HasSubstr("service="))) << "its own work is another need";
  }
}

TEST(CastRecommendation, RefusesFiguresThatCastsHaveNot) {
  const Result result = measured_casts();
  Need need = kManyToMany;
  const auto error_of = [&](Criterion by) {
    need.by = by;
    try {
      recommend_cast(result, need, {.producers = 8, .consumers = 8});
      return std::string("none");
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
  };
  EXPECT_THAT(error_of(Criterion::latency), HasSubstr("ipcbench load --option producers=8"));
  EXPECT_THAT(error_of(Criterion::memory), HasSubstr("of casts it isn't measured"));
  EXPECT_EQ(error_of(Criterion::cpu), "none");
  need.placement = PlacementName(std::string("split"));
  EXPECT_THAT(error_of(Criterion::cpu), HasSubstr("--placement: this result was not measured at 'split'"));
}

TEST(CastNeed, NamesTheCommandThatMeasuresIt) {
  EXPECT_EQ(command_to_measure({}, {.producers = 32}, {}),
            "ipcbench run --scenario server --size 64 --option producers=32");
  EXPECT_EQ(command_to_measure({.size = 0, .pattern = NeedPattern::stream}, {.producers = 4}, {"eventfd"}),
            "ipcbench run --scenario fan-in --transport eventfd --option producers=4");
  EXPECT_EQ(
      command_to_measure({.pattern = NeedPattern::one_to_many}, {.consumers = 4, .to_all = true}, {"udp", "pipe"}),
      "ipcbench run --scenario fan-out --transport udp,pipe --size 64 --option consumers=4,deliver=all");
  EXPECT_EQ(usual_cast(NeedPattern::many_to_many).producers, 2u);
  EXPECT_EQ(usual_cast(NeedPattern::one_to_many).producers, 1u);
  EXPECT_EQ(usual_cast(NeedPattern::one_to_many).consumers, 2u);
  EXPECT_EQ(usual_cast(NeedPattern::request_reply).consumers, 1u);
}

}  // namespace
}  // namespace ipcbench
