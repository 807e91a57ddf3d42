#include "results/figures/cast_lines.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/summary.h"
#include "tests/support/casts.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<double> places_of(const CastLine& line) {
  std::vector<double> places;
  for (const CastPoint& point : line.points) places.push_back(point.at);
  return places;
}

std::vector<std::string> subjects_of(const std::vector<CastGroup>& groups) {
  std::vector<std::string> subjects;
  for (const CastGroup& group : groups) subjects.push_back(subject_text(group.subject));
  return subjects;
}

const CastGroup& group_of(const std::vector<CastGroup>& groups, const std::string& subject) {
  const auto is_it = [&](const CastGroup& group) { return subject_text(group.subject) == subject; };
  return *std::ranges::find_if(groups, is_it);
}

TEST(CastLines, AreThoseOfAScenarioThatDifferByTheirSeatsAlone) {
  const Result result = cast_result();
  const std::vector<CastGroup> groups = grouped(lines_by_seats(result));
  EXPECT_THAT(subjects_of(groups), ElementsAre("fan-in", "fan-out", "fan-out, each message to all",
                                               "many-to-many, N to 2", "many-to-many, N to N"));
  const CastGroup& fan_in = group_of(groups, "fan-in");
  EXPECT_THAT(names_of(fan_in.lines), ElementsAre("pipe shared", "posix-mq shared", "eventfd shared"));
  for (const CastLine& line : fan_in.lines) EXPECT_THAT(places_of(line), ElementsAre(2, 8, 32)) << line.key;
  EXPECT_EQ(fan_in.lines[0].key, "fan-in/pipe/block/64/same-cpu/sharing=shared");
  EXPECT_EQ(counted_seats(fan_in.lines[0].any()), "producers");
  EXPECT_EQ(counted_seats(group_of(groups, "fan-out").lines[0].any()), "consumers");
}

TEST(CastLines, OfManyToManyHaveAsManyConsumersOrAlwaysTheSame) {
  const Result result = cast_result();
  const std::vector<CastGroup> groups = grouped(lines_by_seats(result));
  const auto ids_of = [&](const std::string& subject) {
    std::vector<std::string> ids;
    for (const CastPoint& point : group_of(groups, subject).lines.at(0).points) ids.push_back(point.measured->id);
    return ids;
  };
  const std::string begin = "many-to-many/pipe/block/64/same-cpu/";
  const std::string two = begin + "consumers=2/producers=2/sharing=shared";
  EXPECT_THAT(ids_of("many-to-many, N to N"), ElementsAre(two, begin + "consumers=8/producers=8/sharing=shared"));
  EXPECT_THAT(ids_of("many-to-many, N to 2"), ElementsAre(two, begin + "consumers=2/producers=8/sharing=shared"));
}

TEST(CastLines, OfAServerAreByItsServiceTime) {
  const Result result = cast_result();
  const std::vector<CastGroup> groups = grouped(lines_by_service(result));
  ASSERT_THAT(subjects_of(groups), ElementsAre("server, 8 clients"));
  EXPECT_THAT(names_of(groups[0].lines), ElementsAre("pipe per-peer", "pipe shared", "unix-stream per-peer"));
  for (const CastLine& line : groups[0].lines) EXPECT_THAT(places_of(line), ElementsAre(0, 1e4, 1e6)) << line.key;
  EXPECT_EQ(counted_seats(groups[0].lines[0].any()), "clients");
}

TEST(CastLines, TellPlacementsApart) {
  Result result = cast_result();
  for (const CaseRecord& c : cast_result().cases) {
    result.cases.push_back(c);
    result.cases.back().placement = Placement::split;
  }
  summarise(result);
  const std::vector<CastGroup> groups = grouped(lines_by_service(result));
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].placement, Placement::same_cpu);
  EXPECT_EQ(groups[1].placement, Placement::split);
  EXPECT_EQ(groups[1].lines.size(), groups[0].lines.size());
}

TEST(CastLines, OfManyChannelsAreByTheirNumber) {
  const Result result = channels_result();
  const std::vector<CastGroup> groups = grouped(lines_by_seats(result));
  ASSERT_THAT(subjects_of(groups), ElementsAre("channels"));
  EXPECT_THAT(names_of(groups[0].lines), ElementsAre("pipe epoll", "pipe poll"));
  for (const CastLine& line : groups[0].lines) EXPECT_THAT(places_of(line), ElementsAre(1, 16, 64, 256)) << line.key;
  EXPECT_EQ(counted_seats(groups[0].lines[0].any()), "channels");
}

TEST(CastLines, OfALockAreByItsProcessesAndByHowLongTheyHoldIt) {
  const Result result = lock_result();
  const std::vector<CastGroup> groups = grouped(lines_by_seats(result));
  ASSERT_THAT(subjects_of(groups), ElementsAre("contended", "contended, hold 1us"));
  EXPECT_THAT(names_of(groups[0].lines), ElementsAre("mutex", "posix-sem"));
  for (const CastLine& line : groups[0].lines) EXPECT_THAT(places_of(line), ElementsAre(1, 2, 4)) << line.key;
  const CaseRecord& alone = groups[0].lines[0].any();
  EXPECT_EQ(counted_seats(alone), "processes");
  EXPECT_EQ(&cast_rate(alone), &alone.summary.turns_per_s);
}

TEST(CastLines, TellHowManyChannelsAreActive) {
  Result result = channels_result();
  for (const CaseRecord& c : channels_result().cases) {
    result.cases.push_back(c);
    result.cases.back().options.insert(result.cases.back().options.begin(), {"active", "1"});
  }
  summarise(result);
  EXPECT_THAT(subjects_of(grouped(lines_by_seats(result))), ElementsAre("channels", "channels, 1 active"));
}

// Of a single channel all that there are is as many as one.
TEST(CastLines, OfOneActiveChannelBeginWithASingleOne) {
  Result result = channels_result();
  for (CaseRecord& c : result.cases) {
    if (c.options.front().second != "1") c.options.insert(c.options.begin(), {"active", "1"});
  }
  summarise(result);
  const std::vector<CastLine> lines = lines_by_seats(result);
  ASSERT_EQ(lines.size(), 2u);
  for (const CastLine& line : lines) {
    EXPECT_EQ(line.subject.active, "1");
    EXPECT_THAT(places_of(line), ElementsAre(1, 16, 64, 256)) << line.key;
  }
}

TEST(CastLines, OfASingleNumberThereAreNone) {
  Result result = cast_result();
  std::erase_if(result.cases, [](const CaseRecord& c) { return c.options.front().second != "2"; });
  ASSERT_FALSE(result.cases.empty());
  std::erase_if(result.cases, [](const CaseRecord& c) { return c.scenario == Scenario::many_to_many; });
  EXPECT_THAT(lines_by_seats(result), IsEmpty());
  EXPECT_THAT(lines_by_service(result), IsEmpty());
}

TEST(CastLines, LeaveOutNumbersThatAFileCannotMean) {
  for (const char* bad : {"", "-1", "0", "2x", "99999999999999999999999", "256", " 2"}) {
    Result result = cast_result();
    for (CaseRecord& c : result.cases) {
      if (c.scenario == Scenario::fan_in) c.options.front().second = bad;
    }
    for (const CastLine& line : lines_by_seats(result)) EXPECT_NE(line.subject.scenario, "fan-in") << bad;
  }
  for (const char* bad : {"", "10", "us", "10 us", "0us", "10h", "1e3us", "-1us"}) {
    Result result = cast_result();
    for (CaseRecord& c : result.cases) {
      if (c.scenario == Scenario::server && c.options.size() == 3) c.options[1].second = bad;
    }
    EXPECT_THAT(lines_by_service(result), IsEmpty()) << bad;
  }
}

TEST(CastRate, IsThatOfNotificationsWhereNothingIsCarried) {
  const Result result = cast_result();
  const auto of = [&](const std::string& transport) -> const CaseRecord& {
    return *std::ranges::find(result.cases, transport, &CaseRecord::transport);
  };
  EXPECT_EQ(&cast_rate(of("eventfd")), &of("eventfd").summary.notifications_per_s);
  EXPECT_EQ(&cast_rate(of("pipe")), &of("pipe").summary.messages_per_s);
  EXPECT_TRUE(cast_rate(of("eventfd")).median);
  EXPECT_TRUE(cast_rate(of("pipe")).ci95);
}

}  // namespace
}  // namespace ipcbench
