// Checks how a plan treats sizes that a transport doesn't carry here.

#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/make_plan.h"
#include "harness/plan/refusal.h"
#include "harness/run/case_records.h"
#include "harness/sdk/registry.h"
#include "tests/support/recorded_machine.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::size_t kWhatever = std::numeric_limits<std::size_t>::max();

Topology pair_of_cpus() { return machine("virtual-machine-2-cpus"); }

CaseGroup streams_of(const std::string& transport, std::vector<std::size_t> sizes) {
  CaseGroup group;
  group.scenarios = {Scenario::streaming};
  group.transports = {transport};
  group.waits = {"table"};
  group.sizes = std::move(sizes);
  group.placements = {"same-cpu"};
  return group;
}

Plan stream_plan(std::vector<CaseGroup> groups, const Selection& selection = {}) {
  Suite suite;
  suite.name = "test";
  suite.block = 25ms;
  suite.groups = std::move(groups);
  return make_plan(suite, selection, pair_of_cpus(), std::nullopt);
}

std::vector<std::string> ids_in(const Plan& plan) {
  std::vector<std::string> result;
  for (const PlannedCase& planned : plan.cases) result.push_back(planned.spec.id());
  return result;
}

MemoryLimits memory_of(std::size_t all, std::size_t each = kWhatever) {
  return {.all = {all, "there are " + std::to_string(all) + " bytes"},
          .each = {each, "a process has " + std::to_string(each) + " bytes"}};
}

PlannedCase fitted(const std::string& transport, std::size_t size, const MemoryLimits& limits) {
  PlannedCase planned{.spec = {.scenario = Scenario::streaming, .transport = transport, .size = size}};
  const Transport& found = *find_transport(transport);
  fit_to_host(planned, found, found.probe(), pair_of_cpus(), limits);
  return planned;
}

TEST(AtLargest, AllSizesOverTheLargestAreOneCaseOfThatSize) {
  const Plan plan = stream_plan({streams_of("posix-mq", {64, 65536, 1 << 20})});
  EXPECT_THAT(ids_in(plan),
              ElementsAre("streaming/posix-mq/block/64/same-cpu", "streaming/posix-mq/block/8192/same-cpu"));
  EXPECT_FALSE(plan.cases[0].at_largest);
  ASSERT_TRUE(plan.cases[1].at_largest);
  EXPECT_THAT(plan.cases[1].at_largest->asked, ElementsAre(65536, 1 << 20));
  EXPECT_EQ(plan.cases[1].at_largest->limit, "/proc/sys/fs/mqueue/msgsize_max is 8192");
  EXPECT_EQ(plan.cases[1].skip_reason, "");
}

TEST(AtLargest, TheLargestItselfIsNotMeasuredTwice) {
  // The sizes may also come from two groups, in either order.
  for (const Plan& plan : {stream_plan({streams_of("posix-mq", {8192, 65536})}),
                           stream_plan({streams_of("posix-mq", {65536}), streams_of("posix-mq", {8192})})}) {
    EXPECT_THAT(ids_in(plan), ElementsAre("streaming/posix-mq/block/8192/same-cpu"));
    EXPECT_THAT(plan.cases.at(0).at_largest->asked, ElementsAre(8192, 65536));
  }
}

TEST(AtLargest, SizesThatAreCarriedAreLeftAlone) {
  for (const PlannedCase& planned :
       stream_plan({streams_of("posix-mq", {1, 8192}), streams_of("pipe", {1 << 20})}).cases) {
    EXPECT_FALSE(planned.at_largest) << planned.spec.id();
  }
}

TEST(AtLargest, AMechanismsOwnLimitIsNamed) {
  const Plan plan = stream_plan({streams_of("udp", {65536})});
  EXPECT_THAT(ids_in(plan), ElementsAre("streaming/udp/block/65507/same-cpu"));
  EXPECT_EQ(plan.cases[0].at_largest->limit, "the largest message of udp is 65507 B");
}

TEST(AtLargest, MessagesOfOneSizeSayWhatWasAsked) {
  const Plan plan = stream_plan({streams_of("one-size", {1, 8, 64})});
  EXPECT_THAT(ids_in(plan), ElementsAre("streaming/one-size/block/8/same-cpu"));
  EXPECT_THAT(plan.cases[0].at_largest->asked, ElementsAre(1, 8, 64));
  EXPECT_EQ(plan.cases[0].at_largest->limit, "all messages of one-size are of 8 B");
  EXPECT_FALSE(stream_plan({streams_of("one-size", {8})}).cases[0].at_largest);
}

TEST(AtLargest, IsThatOfTheCasesOptions) {
  const Plan plan =
      stream_plan({streams_of("box", {64, 1 << 20})}, {.options = {{"capacity", "64KiB"}, {"capacity", "1MiB"}}});
  EXPECT_THAT(ids_in(plan), ElementsAre("streaming/box/block/64/same-cpu", "streaming/box/block/32768/same-cpu",
                                        "streaming/box/block/64/same-cpu/capacity=1048576",
                                        "streaming/box/block/524288/same-cpu/capacity=1048576"));
  EXPECT_EQ(plan.cases[3].at_largest->limit, "capacity is 1048576 bytes");
}

TEST(AtLargest, AnotherReasonLeavesTheSizeAsItWasAsked) {
  EXPECT_THAT(ids_in(stream_plan({streams_of("dbus", {1 << 20})})),
              ElementsAre("streaming/dbus/block/1048576/same-cpu"));
  const Plan plan = stream_plan({streams_of("posix-mq", {65536})}, {.transports = {"posix-mq"}, .waits = {"spin"}});
  EXPECT_THAT(ids_in(plan), ElementsAre("streaming/posix-mq/spin/65536/same-cpu"));
  EXPECT_THAT(plan.cases[0].skip_reason, HasSubstr("no wait strategy 'spin'"));
  EXPECT_FALSE(plan.cases[0].at_largest);
}

TEST(AtLargest, WhatCarriesNothingHasNoneOfIt) {
  CaseGroup group = streams_of("eventfd", {64, 65536});
  EXPECT_FALSE(stream_plan({group}).cases.at(0).at_largest);
}

TEST(AtLargest, FiltersSeeTheSizeThatIsMeasured) {
  const CaseGroup group = streams_of("posix-mq", {64, 65536});
  EXPECT_THAT(ids_in(stream_plan({group}, {.filters = {"/8192/"}})),
              ElementsAre("streaming/posix-mq/block/8192/same-cpu"));
  EXPECT_THAT(ids_in(stream_plan({group}, {.filters = {"-/8192/"}})),
              ElementsAre("streaming/posix-mq/block/64/same-cpu"));
}

TEST(AtLargest, OfTheCommandLinesSizesToo) {
  EXPECT_THAT(ids_in(stream_plan({streams_of("posix-mq", {64})}, {.sizes = {4096, 16384}})),
              ElementsAre("streaming/posix-mq/block/4096/same-cpu", "streaming/posix-mq/block/8192/same-cpu"));
}

TEST(AtLargest, OneThatDoesNotFitEitherIsSkippedWithBothReasons) {
  const PlannedCase planned = fitted("udp", 1 << 20, memory_of(100'000));
  EXPECT_EQ(planned.spec.size, std::size_t{1} << 20);
  EXPECT_FALSE(planned.at_largest);
  EXPECT_EQ(planned.skip_reason,
            "the largest message of udp is 65507 B, the case needs 1048576; for one of that size: there are 100000 "
            "bytes, the case needs 262028");
}

TEST(AtLargest, NoMessageAtAllIsARefusal) {
  CaseSpec spec{.scenario = Scenario::streaming, .transport = "box", .size = 64, .options = {{"capacity", "1"}}};
  PlannedCase planned{.spec = spec};
  const Transport& box = *find_transport("box");
  fit_to_host(planned, box, box.probe(), pair_of_cpus(), memory_of(kWhatever));
  EXPECT_EQ(planned.spec, spec);
  EXPECT_EQ(planned.skip_reason, "capacity is 1 bytes, the case needs 64");
}

TEST(AtLargest, TheRecordOfACaseHoldsIt) {
  const Plan plan = stream_plan({streams_of("posix-mq", {8192, 65536})});
  const CaseRecord record = case_record(plan.cases.at(0), PayloadMode::lines);
  ASSERT_TRUE(record.at_largest);
  EXPECT_THAT(record.at_largest->asked, ElementsAre(8192u, 65536u));
  EXPECT_EQ(record.at_largest->limit, "/proc/sys/fs/mqueue/msgsize_max is 8192");
}

TEST(MemoryNeed, IsTwoBuffersOfEachSideAndTheTransportsObjects) {
  const auto need = [](const std::string& transport, std::size_t size, Scenario scenario = Scenario::ping_pong) {
    const CaseSpec spec{.scenario = scenario, .transport = transport, .size = size};
    const MemoryNeed all = memory_need(spec, *find_transport(transport));
    return std::vector{all.all, all.each};
  };
  EXPECT_THAT(need("pipe", 1000), ElementsAre(4000, 2000));
  EXPECT_THAT(need("eventfd", 0), ElementsAre(0, 0));
  EXPECT_THAT(need("box", 1000), ElementsAre(4000 + 131072, 2000 + 131072));
  EXPECT_THAT(need("box", 1000, Scenario::setup), ElementsAre(131072, 131072)) << "no loop runs";
  EXPECT_THAT(need("pipe", kWhatever / 3), ElementsAre(kWhatever, kWhatever / 3 * 2));
  EXPECT_THAT(need("pipe", kWhatever), ElementsAre(kWhatever, kWhatever));
}

TEST(MemoryRefusal, NamesWhatIsThereAndWhatIsNeeded) {
  EXPECT_EQ(fitted("pipe", 1000, memory_of(4000)).skip_reason, "");
  EXPECT_EQ(fitted("pipe", 1000, memory_of(3999)).skip_reason, "there are 3999 bytes, the case needs 4000");
  EXPECT_EQ(fitted("pipe", 1000, memory_of(kWhatever, 2000)).skip_reason, "");
  EXPECT_EQ(fitted("pipe", 1000, memory_of(kWhatever, 1999)).skip_reason,
            "a process has 1999 bytes, a process of the case needs 2000");
}

TEST(MemoryRefusal, HoldsForSizesThatFitIntoNoSum) {
  for (const std::size_t size : {std::size_t{1} << 62, std::size_t{1} << 63, kWhatever}) {
    const PlannedCase planned = fitted("pipe", size, memory_of(kWhatever));
    EXPECT_THAT(planned.skip_reason, HasSubstr(" bytes, the case needs more than 18446744073709551615")) << size;
    EXPECT_EQ(planned.spec.size, size);
  }
}

}  // namespace
}  // namespace ipcbench
