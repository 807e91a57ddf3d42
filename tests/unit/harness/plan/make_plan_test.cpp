#include "harness/plan/make_plan.h"

#include <algorithm>
#include <limits>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "harness/sdk/registry.h"
#include "tests/support/recorded_machine.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

Topology two_cpus() { return machine("virtual-machine-2-cpus"); }

Suite suite_of(std::vector<CaseGroup> groups) {
  Suite suite;
  suite.name = "test";
  suite.block = 25ms;
  suite.groups = std::move(groups);
  return suite;
}

// 64 B round trips over pipes on one CPU, unless a test changes them.
CaseGroup small_group() {
  CaseGroup group;
  group.scenarios = {Scenario::ping_pong};
  group.transports = {"pipe"};
  group.waits = {"table"};
  group.sizes = {64};
  group.placements = {"same-cpu"};
  return group;
}

Plan plan_of(const CaseGroup& group, const Selection& selection = {}) {
  return make_plan(suite_of({group}), selection, two_cpus(), std::nullopt);
}

std::vector<std::string> ids(const Plan& plan) {
  std::vector<std::string> result;
  for (const PlannedCase& planned : plan.cases) result.push_back(planned.spec.id());
  return result;
}

std::string reason(const Plan& plan, const std::string& id) {
  for (const PlannedCase& planned : plan.cases) {
    if (planned.spec.id() == id) return planned.skip_reason;
  }
  return "no case " + id;
}

std::string complaint(const Selection& selection, const CaseGroup& group = small_group()) {
  try {
    plan_of(group, selection);
    return "accepted";
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(MakePlan, IsTheProductOfTheAxesInTableOrder) {
  CaseGroup group = small_group();
  group.scenarios = {Scenario::streaming, Scenario::ping_pong};
  group.transports = {"posix-shm", "pipe"};
  group.sizes = {4096, 64};
  EXPECT_THAT(ids(plan_of(group)),
              ElementsAre("ping-pong/pipe/block/64/same-cpu", "ping-pong/pipe/block/4096/same-cpu",
                          "streaming/pipe/block/64/same-cpu", "streaming/pipe/block/4096/same-cpu",
                          "ping-pong/posix-shm/block/64/same-cpu", "ping-pong/posix-shm/block/4096/same-cpu",
                          "streaming/posix-shm/block/64/same-cpu", "streaming/posix-shm/block/4096/same-cpu"));
}

TEST(MakePlan, HasEachIdOnce) {
  CaseGroup again = small_group();
  again.waits = {"block", "all"};
  const Plan plan = make_plan(suite_of({small_group(), again}), {}, two_cpus(), std::nullopt);
  const std::vector<std::string> all = ids(plan);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
  EXPECT_EQ(all.size(), 3u);
}

TEST(MakePlan, GivesWhatCarriesNothingOneSize) {
  CaseGroup group = small_group();
  group.transports = {"eventfd"};
  group.scenarios = {Scenario::streaming};
  group.sizes = {64, 65536};
  EXPECT_THAT(ids(plan_of(group)), ElementsAre("streaming/eventfd/block/0/same-cpu"));
}

TEST(MakePlan, GivesMessagesOfOneSizeThatSize) {
  CaseGroup group = small_group();
  group.transports = {"one-size"};
  group.scenarios = {Scenario::streaming};
  group.sizes = {1, 64, 65536};
  EXPECT_THAT(ids(plan_of(group)), ElementsAre("streaming/one-size/block/8/same-cpu"));
}

TEST(MakePlan, TakesAllTransportsButTheHiddenOnes) {
  CaseGroup group = small_group();
  group.transports = {};
  const Plan plan = plan_of(group);
  EXPECT_EQ(plan.cases.size(), 8u);
  EXPECT_THAT(ids(plan), Each(Not(HasSubstr("faulty"))));
  EXPECT_THAT(ids(plan_of(group, {.transports = {"faulty"}})), ElementsAre("ping-pong/faulty/block/64/same-cpu"));
}

TEST(MakePlan, PlacesCasesOnTheRepresentativePairs) {
  CaseGroup group = small_group();
  group.placements = {"same-cpu", "nearest", "unpinned"};
  const Plan plan = plan_of(group);
  ASSERT_EQ(plan.cases.size(), 3u);
  EXPECT_EQ(plan.cases[0].cpus, (CpuPair{1, 1}));
  EXPECT_EQ(plan.cases[1].cpus, (CpuPair{0, 1}));
  EXPECT_EQ(plan.cases[1].spec.placement, Placement::same_l3);
  EXPECT_EQ(plan.cases[2].cpus, (CpuPair{-1, -1}));
}

TEST(MakePlan, NotesWhatTheMachineLacksOfAllPlacements) {
  CaseGroup group = small_group();
  group.placements = {"all"};
  const Plan plan = plan_of(group);
  EXPECT_THAT(ids(plan), ElementsAre("ping-pong/pipe/block/64/same-cpu", "ping-pong/pipe/block/64/same-l3"));
  EXPECT_THAT(plan.notes, Contains("no smt: no two allowed CPUs share a core"));
}

TEST(MakePlan, NotesThatThereIsNoSecondCpu) {
  CaseGroup group = small_group();
  group.placements = {"same-cpu", "nearest"};
  const Plan plan = make_plan(suite_of({group, group}), {}, machine("one-cpu"), std::nullopt);
  EXPECT_EQ(plan.cases.size(), 1u);
  EXPECT_THAT(plan.notes, ElementsAre("no two CPUs: only CPU 0 is allowed"));
}

TEST(Skips, SpinningOnASharedCpu) {
  CaseGroup group = small_group();
  group.transports = {"posix-shm"};
  group.waits = {"all"};
  group.placements = {"same-cpu", "nearest", "unpinned"};
  const Plan plan = plan_of(group);
  EXPECT_EQ(reason(plan, "ping-pong/posix-shm/spin/64/same-cpu"),
            "spin on a shared CPU measures the scheduler's tick, not the mechanism");
  EXPECT_THAT(reason(plan, "ping-pong/posix-shm/hybrid/64/same-cpu"), StartsWith("hybrid on a shared CPU"));
  EXPECT_EQ(reason(plan, "ping-pong/posix-shm/block/64/same-cpu"), "");
  EXPECT_EQ(reason(plan, "ping-pong/posix-shm/spin/64/same-l3"), "");
  EXPECT_EQ(reason(plan, "ping-pong/posix-shm/spin/64/unpinned"), "");

  const Plan alone = make_plan(suite_of({group}), {}, machine("one-cpu"), std::nullopt);
  EXPECT_THAT(reason(alone, "ping-pong/posix-shm/spin/64/unpinned"), StartsWith("spin on a shared CPU"));
}

TEST(Skips, TransportsThatCannotRunHere) {
  CaseGroup group = small_group();
  group.transports = {"dbus", "zeromq"};
  group.waits = {"all"};
  const Plan plan = plan_of(group);
  EXPECT_EQ(reason(plan, "ping-pong/dbus/block/64/same-cpu"), "dbus-daemon is not installed");
  EXPECT_EQ(reason(plan, "ping-pong/zeromq/block/64/same-cpu"), "not built: libzmq was not found");
  EXPECT_EQ(plan.cases.size(), 2u);
}

TEST(Skips, TransportsOfPluginsThatAreNotThere) {
  CaseGroup group = small_group();
  group.transports = {"no-such-library"};
  group.options = {{"hwm", "10"}};  // of a transport that isn't there
  group.without_plugin = "install it";
  const Plan plan = plan_of(group);
  EXPECT_EQ(reason(plan, "ping-pong/no-such-library/block/64/same-cpu"),
            "not built: no plug-in that was given has it; install it");
  EXPECT_EQ(plan.cases.size(), 1u);
}

TEST(Skips, SizesThatDoNotFit) {
  CaseGroup group = small_group();
  group.transports = {"posix-mq"};
  group.sizes = {64, 65536};
  const Plan plan = plan_of(group);
  EXPECT_EQ(reason(plan, "ping-pong/posix-mq/block/64/same-cpu"), "");
  EXPECT_EQ(reason(plan, "ping-pong/posix-mq/block/65536/same-cpu"), "no case ping-pong/posix-mq/block/65536/same-cpu");
  group.transports = {"faulty"};
  group.sizes = {std::numeric_limits<std::size_t>::max()};
  EXPECT_THAT(reason(plan_of(group), "ping-pong/faulty/block/18446744073709551615/same-cpu"),
              HasSubstr(", the case needs more than 18446744073709551615"));
}

TEST(Skips, ScenariosWithoutAForm) {
  CaseGroup group = small_group();
  group.transports = {"file-lock"};
  group.scenarios = {};
  const Plan plan = plan_of(group);
  EXPECT_EQ(reason(plan, "ping-pong/file-lock/block/0/same-cpu"), "");
  EXPECT_EQ(reason(plan, "streaming/file-lock/block/0/same-cpu"), "a lock has no one-way form");
}

TEST(Skips, OptionValuesThatCannotRunHere) {
  CaseGroup group = small_group();
  group.transports = {"file-lock"};
  group.options = {{"lock", "flock"}, {"lock", "ofd"}};
  const Plan plan = plan_of(group);
  EXPECT_EQ(reason(plan, "ping-pong/file-lock/block/0/same-cpu/lock=flock"), "");
  EXPECT_EQ(reason(plan, "ping-pong/file-lock/block/0/same-cpu/lock=ofd"), "this host has no ofd locks");
}

TEST(Skips, AnOptionMayPermitALargerMessage) {
  CaseGroup group = small_group();
  group.transports = {"limited"};
  group.sizes = {200};
  const Plan plan = plan_of(group);
  EXPECT_EQ(reason(plan, "ping-pong/limited/block/100/same-cpu"), "");
  ASSERT_TRUE(plan.cases.front().at_largest.has_value());
  EXPECT_EQ(plan.cases.front().at_largest->limit, "its buffer holds 100 bytes");
  group.options = {{"sndbuf", "4KiB"}};
  EXPECT_EQ(reason(plan_of(group), "ping-pong/limited/block/200/same-cpu/sndbuf=4096"), "");
}

TEST(MakePlan, NotesOnceWhatALimitOfTheHostWillChange) {
  CaseGroup group = small_group();
  group.transports = {"limited", "pipe"};
  group.sizes = {32, 64};
  group.options = {{"sndbuf", "4KiB"}, {"sndbuf", "default"}};
  EXPECT_THAT(plan_of(group).notes, Contains("‡ limited: SOCK_MIN_SNDBUF is 100: SO_SNDBUF is 100, by the kernel's "
                                             "default 212992"));
  group.options = {{"sndbuf", "4KiB"}};
  EXPECT_THAT(plan_of(group).notes, Not(Contains(StartsWith("‡"))));
}

TEST(Skips, PlacementsAskedForByNameThatTheMachineLacks) {
  const Plan plan = plan_of(small_group(), {.placements = {"smt"}});
  EXPECT_EQ(reason(plan, "ping-pong/pipe/block/64/smt"), "no two allowed CPUs share a core");
}

TEST(Waits, AreGeneratedOnlyWhereTheyExist) {
  CaseGroup group = small_group();
  group.transports = {};
  group.placements = {"nearest"};
  EXPECT_THAT(ids(plan_of(group, {.waits = {"spin"}})),
              ElementsAre("ping-pong/pipe/spin/64/same-l3", "ping-pong/posix-shm/spin/64/same-l3"));
}

TEST(Waits, AreListedAsSkippedWhereBothWereNamed) {
  CaseGroup group = small_group();
  group.transports = {};
  const Plan plan = plan_of(group, {.transports = {"udp"}, .waits = {"spin"}});
  EXPECT_EQ(reason(plan, "ping-pong/udp/spin/64/same-cpu"), "udp has no wait strategy 'spin', only block, poll");

  group.transports = {"udp"};
  group.waits = {"hybrid"};
  EXPECT_THAT(reason(plan_of(group), "ping-pong/udp/hybrid/64/same-cpu"), HasSubstr("only block, poll"));
}

TEST(Selection, ReplacesSizesAndWaits) {
  EXPECT_THAT(ids(plan_of(small_group(), {.sizes = {1, 4096}, .waits = {"poll"}})),
              ElementsAre("ping-pong/pipe/poll/1/same-cpu", "ping-pong/pipe/poll/4096/same-cpu"));
}

TEST(Selection, KeepsAGroupsOwnAxesTogether) {
  CaseGroup everyone = small_group();
  everyone.transports = {};
  CaseGroup ring = small_group();
  ring.transports = {"posix-shm"};
  ring.waits = {"spin"};
  ring.placements = {"nearest"};
  CaseGroup streams = small_group();
  streams.scenarios = {Scenario::streaming};
  streams.sizes = {65536};
  const Suite suite = suite_of({everyone, ring, streams});
  const auto selected = [&](const Selection& selection) {
    return ids(make_plan(suite, selection, two_cpus(), std::nullopt));
  };
  EXPECT_THAT(selected({.transports = {"udp"}}), ElementsAre("ping-pong/udp/block/64/same-cpu"));
  EXPECT_THAT(selected({.transports = {"pipe"}, .scenarios = {"ping-pong"}}),
              ElementsAre("ping-pong/pipe/block/64/same-cpu"));
  EXPECT_THAT(selected({.transports = {"posix-shm"}, .placements = {"same-cpu"}}),
              ElementsAre("ping-pong/posix-shm/block/64/same-cpu"));
}

TEST(Selection, AddsWhatNoGroupHas) {
  EXPECT_THAT(ids(plan_of(small_group(), {.transports = {"posix-shm"}})),
              ElementsAre("ping-pong/posix-shm/block/64/same-cpu"));
  EXPECT_THAT(ids(plan_of(small_group(), {.scenarios = {"streaming"}})),
              ElementsAre("streaming/pipe/block/64/same-cpu"));
  EXPECT_THAT(ids(plan_of(small_group(), {.placements = {"nearest"}})), ElementsAre("ping-pong/pipe/block/64/same-l3"));
}

TEST(Selection, TakesOnePairOfCpus) {
  const Topology topology = machine("two-sockets-smt");
  const Plan plan = make_plan(suite_of({small_group()}), {.cpus = CpuPair{17, 3}}, topology, std::nullopt);
  EXPECT_THAT(ids(plan), ElementsAre("ping-pong/pipe/block/64/cross-package"));
  EXPECT_EQ(plan.cases[0].cpus, (CpuPair{17, 3}));
  EXPECT_EQ(complaint({.cpus = CpuPair{0, 7}}), "--cpus: this process may not use CPU 7; allowed: 0, 1");
  EXPECT_THAT(complaint({.placements = {"smt"}, .cpus = CpuPair{0, 1}}), HasSubstr("leave one out"));
}

TEST(Selection, UnlikeCoresAreNoted) {
  const Topology topology = machine("hybrid");
  const auto plan = [&](CpuPair pair) {
    return make_plan(suite_of({small_group()}), {.cpus = pair}, topology, std::nullopt);
  };
  EXPECT_EQ(plan({1, 4}).cases[0].core_kinds, "P+E");
  EXPECT_THAT(plan({1, 4}).notes, testing::Contains("same-l3: CPUs 1 and 4 are cores of unlike kinds, P+E"));
  EXPECT_EQ(plan({4, 6}).cases[0].core_kinds, "E");
  EXPECT_THAT(plan({4, 6}).notes, testing::Not(testing::Contains(HasSubstr("unlike"))));
}

TEST(Selection, FiltersById) {
  CaseGroup group = small_group();
  group.transports = {"pipe", "posix-shm"};
  group.sizes = {64, 640};
  EXPECT_THAT(ids(plan_of(group, {.filters = {"^ping-pong/pipe/"}})),
              ElementsAre("ping-pong/pipe/block/64/same-cpu", "ping-pong/pipe/block/640/same-cpu"));
  EXPECT_THAT(ids(plan_of(group, {.filters = {"pipe", "-/64/"}})), ElementsAre("ping-pong/pipe/block/640/same-cpu"));
  EXPECT_THAT(complaint({.filters = {"tcp"}}), HasSubstr("--filter tcp: none of the 1 cases is left"));
  EXPECT_THAT(complaint({.filters = {"(pipe"}}), StartsWith("--filter: '(pipe' is not a regular expression"));
}

TEST(Selection, SetsOptionsWhereTheyAreDeclared) {
  CaseGroup group = small_group();
  group.transports = {"pipe", "posix-shm"};
  EXPECT_THAT(
      ids(plan_of(group, {.options = {{"capacity", "1MiB"}}})),
      ElementsAre("ping-pong/pipe/block/64/same-cpu", "ping-pong/posix-shm/block/64/same-cpu/capacity=1048576"));
}

TEST(Selection, MakesAnAxisOfSeveralValues) {
  CaseGroup group = small_group();
  group.transports = {"file-lock"};
  group.options = {{"lock", "flock"}};
  EXPECT_THAT(ids(plan_of(group)), ElementsAre("ping-pong/file-lock/block/0/same-cpu/lock=flock"));
  EXPECT_THAT(ids(plan_of(group, {.options = {{"lock", "posix"}, {"lock", "ofd"}}})),
              ElementsAre("ping-pong/file-lock/block/0/same-cpu", "ping-pong/file-lock/block/0/same-cpu/lock=ofd"));
}

TEST(ScenarioOptions, AreMeasuredWhereTheScenarioHasThem) {
  CaseGroup group = small_group();
  group.scenarios = {Scenario::ping_pong, Scenario::streaming};
  EXPECT_THAT(ids(plan_of(group, {.options = {{"reply", "same"}, {"reply", "4KiB"}}})),
              ElementsAre("ping-pong/pipe/block/64/same-cpu", "ping-pong/pipe/block/64/same-cpu/reply=4096",
                          "streaming/pipe/block/64/same-cpu"));
  group.options = {{"reply", "64"}};
  EXPECT_THAT(ids(plan_of(group)), ElementsAre("ping-pong/pipe/block/64/same-cpu", "streaming/pipe/block/64/same-cpu"));
}

TEST(ScenarioOptions, OfNoSelectedScenarioAreAUsageError) {
  EXPECT_THAT(complaint({.scenarios = {"streaming"}, .options = {{"reply", "1"}}}),
              HasSubstr("--option: no selected scenario or transport has an option 'reply'"));
  EXPECT_THAT(complaint({.options = {{"repyl", "1"}}}), HasSubstr("did you mean 'reply'?"));
  EXPECT_THAT(complaint({.options = {{"reply", "0"}}}), HasSubstr("reply: at least 1, or same"));
}

TEST(Skips, AnswersThatTheTransportDoesNotCarry) {
  CaseGroup group = small_group();
  group.transports = {"posix-mq", "eventfd", "one-size"};
  group.options = {{"reply", "64KiB"}};
  const Plan plan = plan_of(group);
  EXPECT_EQ(reason(plan, "ping-pong/posix-mq/block/64/same-cpu/reply=65536"),
            "reply=65536: /proc/sys/fs/mqueue/msgsize_max is 8192, the case needs 65536");
  EXPECT_EQ(reason(plan, "ping-pong/eventfd/block/0/same-cpu/reply=65536"), "reply=65536: eventfd carries no payload");
  EXPECT_THAT(reason(plan, "ping-pong/one-size/block/8/same-cpu/reply=65536"),
              HasSubstr("the largest message of one-size is 8 B"));
  group.options = {{"reply", "1"}};
  EXPECT_THAT(reason(plan_of(group), "ping-pong/one-size/block/8/same-cpu/reply=1"),
              HasSubstr("reply=1: the smallest message of one-size is 8 B"));
}

TEST(ScenarioOptions, ThatBecomeTheDefaultAtTheLargestSizeMakeNoSecondCase) {
  CaseGroup group = small_group();
  group.transports = {"posix-mq"};
  group.sizes = {64, 64 << 10};
  group.options = {{"reply", "same"}, {"reply", "8KiB"}};
  EXPECT_THAT(ids(plan_of(group)),
              ElementsAre("ping-pong/posix-mq/block/64/same-cpu", "ping-pong/posix-mq/block/8192/same-cpu",
                          "ping-pong/posix-mq/block/64/same-cpu/reply=8192"));
}

TEST(Selection, SuggestsTheNearestName) {
  EXPECT_EQ(complaint({.transports = {"pip"}}),
            "--transport: unknown name 'pip'; did you mean 'pipe'?; that of a plug-in needs --plugin FILE");
  EXPECT_THAT(complaint({.scenarios = {"stream"}}), HasSubstr("did you mean 'streaming'?"));
  EXPECT_THAT(complaint({.waits = {"blok"}}), HasSubstr("did you mean 'block'?"));
  EXPECT_THAT(complaint({.placements = {"nearst"}}), HasSubstr("did you mean 'nearest'?"));
  EXPECT_THAT(complaint({.transports = {"posix-shm"}, .options = {{"capacty", "1"}}}),
              HasSubstr("did you mean 'capacity'?"));
  EXPECT_THAT(complaint({.transports = {"file-lock"}, .options = {{"lock", "odf"}}}),
              HasSubstr("option 'lock' of file-lock can't be 'odf'; did you mean 'ofd'?"));
  EXPECT_THAT(complaint({.sizes = {0}}), StartsWith("--size: at least 1"));
}

TEST(Selection, OfNothingIsAUsageError) {
  const Suite suite = suite_of({small_group()});
  try {
    make_plan(suite, {.placements = {"nearest"}}, machine("one-cpu"), std::nullopt);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("leaves no case: no two CPUs: only CPU 0 is allowed"));
  }
}

TEST(Passes, AreTheSuitesUnlessAskedFor) {
  const Suite suite = suite_of({small_group()});
  EXPECT_EQ(make_plan(suite, {}, two_cpus(), std::nullopt).passes, 9);
  EXPECT_THAT(make_plan(suite, {}, two_cpus(), std::nullopt).notes, IsEmpty());
  EXPECT_EQ(make_plan(suite, {}, two_cpus(), 20).passes, 20);
  EXPECT_THAT(make_plan(suite, {}, two_cpus(), 3).notes, Contains(HasSubstr("no interval under 6 launches")));
  EXPECT_THAT(make_plan(suite, {}, two_cpus(), 7).notes, Contains(HasSubstr("7 launches a case instead of 9")));
  EXPECT_THROW(make_plan(suite, {}, two_cpus(), 0), UsageError);
}

TEST(BuiltinSuites, SayWhatTheMethodSays) {
  const Topology topology = two_cpus();
  const Plan quick = make_plan(load_suite("quick"), {}, topology, std::nullopt);
  const std::vector<std::string> all = ids(quick);
  EXPECT_THAT(all, Contains("ping-pong/pipe/block/64/same-l3"));
  EXPECT_THAT(all, Contains("streaming/pipe/block/65536/same-cpu"));
  EXPECT_THAT(all, Contains("streaming/posix-shm/hybrid/65536/same-l3"));
  EXPECT_THAT(all, Not(Contains("ping-pong/pipe/block/65536/same-cpu")));
  EXPECT_THAT(all, Not(Contains("ping-pong/pipe/spin/64/same-l3")));
  EXPECT_THAT(all, Not(Contains("ping-pong/posix-shm/spin/64/same-cpu")));

  const std::vector<std::string> standard = ids(make_plan(load_suite("standard"), {}, topology, std::nullopt));
  EXPECT_THAT(standard, Contains("ping-pong/pipe/poll/1048576/same-l3"));

  const std::vector<std::string> full =
      ids(make_plan(load_suite("full"), {}, machine("two-sockets-smt"), std::nullopt));
  EXPECT_THAT(full, Contains("streaming/pipe/spin/4194304/cross-package"));
  EXPECT_THAT(full, Contains("ping-pong/posix-shm/hybrid/64/smt"));
  EXPECT_THAT(full, Not(Contains("ping-pong/posix-shm/hybrid/16/smt")));
  EXPECT_THAT(full, Each(Not(HasSubstr("unpinned"))));
}

TEST(TransportsByName, AreInASuiteOnlyWhereItNamesThem) {
  CaseGroup all = small_group(), named = small_group();
  all.transports.clear();
  named.transports = {"process-vm"};
  EXPECT_THAT(ids(plan_of(all)), Each(Not(HasSubstr("process-vm"))));
  EXPECT_THAT(ids(plan_of(named)), Contains(HasSubstr("/process-vm/block/")));
  // Who asks for one gets it from a suite of all.
  const Plan asked = make_plan(suite_of({all}), {.transports = {"process-vm"}}, two_cpus(), std::nullopt);
  EXPECT_THAT(ids(asked), Contains(HasSubstr("/process-vm/block/")));
}

TEST(PlanLimits, MoreCasesThanAnybodyCanMeasureAreRefused) {
  CaseGroup group = small_group();
  group.sizes.clear();
  for (std::size_t size = 1; size <= 50'001; ++size) group.sizes.push_back(size);
  EXPECT_THROW(plan_of(group), UsageError);
}

}  // namespace
}  // namespace ipcbench
