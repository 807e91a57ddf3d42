#include "harness/suite/case_spec.h"

#include <set>
#include <stdexcept>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

std::string complaint(std::string_view id) {
  try {
    return "accepted as " + parse_case(id).id();
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(CaseId, IsReadBack) {
  for (const char* id : {"ping-pong/pipe/block/64/same-cpu", "streaming/posix-shm/hybrid/65536/same-l3",
                         "ping-pong/eventfd/poll/0/unpinned", "ping-pong/file-lock/block/0/smt/lock=ofd",
                         "streaming/posix-shm/spin/1/cross-package/capacity=1048576"}) {
    EXPECT_EQ(parse_case(id).id(), id);
  }
}

TEST(CaseId, HasOneSpelling) {
  EXPECT_EQ(parse_case("ping-pong/posix-shm/spin/4KiB/smt/capacity=1MiB").id(),
            "ping-pong/posix-shm/spin/4096/smt/capacity=1048576");
}

TEST(CaseId, LeavesDefaultsOut) {
  EXPECT_EQ(parse_case("ping-pong/posix-shm/spin/64/smt/capacity=65536").id(), "ping-pong/posix-shm/spin/64/smt");
  EXPECT_EQ(parse_case("ping-pong/file-lock/block/0/smt/lock=posix").id(), "ping-pong/file-lock/block/0/smt");
}

TEST(CaseId, LeavesOutWhatTheSystemGives) {
  EXPECT_EQ(parse_case("ping-pong/limited/block/64/smt/sndbuf=default/depth=default").id(),
            "ping-pong/limited/block/64/smt");
  EXPECT_EQ(parse_case("ping-pong/limited/block/64/smt/sndbuf=4KiB/depth=8").id(),
            "ping-pong/limited/block/64/smt/depth=8/sndbuf=4096");
}

TEST(ParseCase, ASizeThatTheSystemMayGiveIsASizeOrDefault) {
  EXPECT_THAT(
      complaint("ping-pong/limited/block/64/smt/sndbuf=defualt"),
      HasSubstr("sndbuf: 'defualt' is not a size; write bytes, or a whole number with KiB, MiB or GiB: 64, 4KiB; "
                "or default: what the system gives"));
  EXPECT_THAT(complaint("ping-pong/limited/block/64/smt/depth=many"),
              HasSubstr("depth: 'many' is not a number from 1 to 2147483647; or default: what the system gives"));
  EXPECT_THAT(complaint("ping-pong/limited/block/64/smt/sndbuf=0"), HasSubstr("sndbuf: at least 1, or default"));
  EXPECT_THAT(complaint("ping-pong/limited/block/64/smt/depth=0"), HasSubstr("depth: '0' is not a number from 1"));
  EXPECT_THAT(complaint("ping-pong/posix-shm/spin/64/smt/capacity=default"), HasSubstr("'default' is not a size"));
}

TEST(ParseCase, NamesTheWrongPartAndTheNearestName) {
  EXPECT_THAT(complaint("pingpong/pipe/block/64/same-cpu"),
              HasSubstr("unknown scenario 'pingpong'; did you mean 'ping-pong'?"));
  EXPECT_THAT(complaint("ping-pong/pip/block/64/same-cpu"), HasSubstr("unknown transport 'pip'; did you mean 'pipe'?"));
  EXPECT_THAT(complaint("ping-pong/pipe/blok/64/same-cpu"),
              HasSubstr("unknown wait strategy 'blok'; did you mean 'block'?"));
  EXPECT_THAT(complaint("ping-pong/pipe/block/big/same-cpu"), HasSubstr("size: 'big' is not a size"));
  EXPECT_THAT(complaint("ping-pong/pipe/block/64/samecpu"),
              HasSubstr("unknown placement 'samecpu'; did you mean 'same-cpu'?"));
  EXPECT_THAT(complaint("ping-pong/pipe/block/64"), HasSubstr("has 4 parts"));
}

TEST(ParseCase, KnowsWhatATransportCarries) {
  EXPECT_THAT(complaint("ping-pong/eventfd/block/64/same-cpu"), HasSubstr("always 0"));
  EXPECT_THAT(complaint("ping-pong/pipe/block/0/same-cpu"), HasSubstr("at least 1"));
}

TEST(ParseCase, SaysThatATransportWasNotBuilt) {
  EXPECT_THAT(complaint("ping-pong/zeromq/block/64/same-cpu"), HasSubstr("was not built: libzmq was not found"));
}

TEST(ParseCase, ChecksOptions) {
  EXPECT_THAT(complaint("ping-pong/file-lock/block/0/smt/lok=ofd"),
              HasSubstr("has no option 'lok'; did you mean 'lock'?"));
  EXPECT_THAT(complaint("ping-pong/file-lock/block/0/smt/lock=odf"), HasSubstr("did you mean 'ofd'?"));
  EXPECT_THAT(complaint("ping-pong/file-lock/block/0/smt/ofd"), HasSubstr("'ofd' is not option=value"));
  EXPECT_THAT(complaint("ping-pong/file-lock/block/0/smt/lock=ofd/lock=flock"), HasSubstr("stands twice"));
  EXPECT_THAT(complaint("ping-pong/posix-shm/block/1/smt/capacity=x"), HasSubstr("capacity: 'x' is not a size"));
}

TEST(ScenarioOptions, StandInTheIdBesideThoseOfTheTransport) {
  for (const char* id :
       {"ping-pong/pipe/block/64/same-cpu/reply=4096", "ping-pong/limited/block/64/smt/depth=8/reply=1/sndbuf=4096"}) {
    EXPECT_EQ(parse_case(id).id(), id);
  }
  EXPECT_EQ(parse_case("ping-pong/limited/block/64/smt/sndbuf=4KiB/reply=4KiB/depth=8").id(),
            "ping-pong/limited/block/64/smt/depth=8/reply=4096/sndbuf=4096");
}

TEST(ScenarioOptions, AnAnswerOfTheMessagesSizeIsTheDefault) {
  for (const char* reply : {"reply=same", "reply=64"}) {
    EXPECT_EQ(parse_case(std::string("ping-pong/pipe/block/64/same-cpu/") + reply).id(),
              "ping-pong/pipe/block/64/same-cpu");
  }
}

TEST(ScenarioOptions, AreRefusedByOtherScenariosAndForBadValues) {
  EXPECT_THAT(complaint("streaming/pipe/block/64/same-cpu/reply=1"),
              HasSubstr("'reply' is an option of ping-pong: streaming has no such option; leave it out"));
  EXPECT_THAT(complaint("setup/pipe/block/64/same-cpu/reply=1"), HasSubstr("setup has no such option"));
  EXPECT_THAT(complaint("ping-pong/pipe/block/64/same-cpu/repl=1"), HasSubstr("did you mean 'reply'?"));
  EXPECT_THAT(complaint("ping-pong/pipe/block/64/same-cpu/reply=0"), HasSubstr("reply: at least 1, or same"));
  EXPECT_THAT(complaint("ping-pong/pipe/block/64/same-cpu/reply=big"), HasSubstr("or same: the size of the message"));
}

TEST(ScenarioOptions, SetWhatIsSentAndStayFromTheTransport) {
  const CaseSpec spec = parse_case("ping-pong/limited/block/64/smt/depth=8/reply=4096");
  EXPECT_EQ(reply_size(spec), 4096u);
  EXPECT_EQ(largest_sent(spec), 4096u);
  EXPECT_EQ(reply_size(parse_case("ping-pong/pipe/block/64/smt")), 64u);
  const OptionValues values = option_values(spec, find_transport("limited")->info());
  EXPECT_EQ(values.count(kReplyOption), 0u);
  EXPECT_EQ(values.find("depth")->second, "8");
}

TEST(ScenarioOptions, AreNumbersToALoop) {
  EXPECT_EQ(loop_options(parse_case("ping-pong/pipe/block/64/smt/reply=4096")), (LoopOptions{4096}));
  EXPECT_EQ(loop_options(parse_case("ping-pong/pipe/block/64/smt")), LoopOptions{});
  EXPECT_EQ(loop_options(parse_case("streaming/pipe/block/64/smt")), LoopOptions{});
}

TEST(ScenarioOptions, FollowANewMessageSize) {
  CaseSpec spec = parse_case("ping-pong/pipe/block/64/smt/reply=4096");
  set_size(spec, 4096);
  EXPECT_EQ(spec.id(), "ping-pong/pipe/block/4096/smt");
}

TEST(Scenarios, HaveEachANameATitleAndAnId) {
  std::set<std::string_view> names;
  std::set<Scenario> ids;
  for (const ScenarioInfo& info : offered_scenarios()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_TRUE(ids.insert(info.scenario).second) << info.name;
    EXPECT_NE(info.title, "") << info.name;
    EXPECT_LE(info.options.size(), LoopOptions{}.size()) << info.name;
    EXPECT_EQ(&scenario_info(info.scenario), &info);
    EXPECT_EQ(traffic_of(info.name), info.traffic);
  }
}

TEST(Scenarios, ThatAreHiddenHaveNoDescription) {
  EXPECT_EQ(to_string(Scenario::fill_channel), "?");
  EXPECT_EQ(traffic_of(Scenario::fill_channel), std::nullopt);
  EXPECT_THROW(scenario_info(Scenario::conformance), std::logic_error);
  EXPECT_EQ(traffic_of("from another build"), std::nullopt);
}

TEST(Names, OfScenariosAndPayloadsAreReadBack) {
  EXPECT_EQ(parse_scenario("streaming"), Scenario::streaming);
  EXPECT_EQ(parse_scenario("stream"), std::nullopt);
  EXPECT_EQ(parse_payload_mode("header"), PayloadMode::header);
  EXPECT_EQ(parse_payload_mode(""), std::nullopt);
}

}  // namespace
}  // namespace ipcbench
