#include "harness/suite/suite.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "harness/suite/duration.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::StartsWith;

const std::string kHead = R"(schema = "ipcbench-suite"
version = 1
name = "mine"
block = "25ms"
budget = "60s"
)";

std::string suite_complaint(const std::string& text) {
  try {
    parse_suite(text, "my.toml");
    return "accepted";
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(ParseSuite, ReadsEveryKey) {
  const Suite suite = parse_suite(kHead + R"(summary = "what matters to me"
launches = 20
[[cases]]
scenarios = ["streaming"]
transports = ["pipe", "faulty"]
waits = ["table", "spin"]
sizes = [64, "4KiB", "1 MiB"]
placements = ["nearest", "smt"]
options = ["capacity=1MiB", "lock=ofd"]
[[cases]]
)",
                                  "my.toml");
  EXPECT_EQ(suite.name, "mine");
  EXPECT_EQ(suite.summary, "what matters to me");
  EXPECT_EQ(suite.passes, 20);
  EXPECT_EQ(suite.block, 25ms);
  EXPECT_EQ(suite.budget, 60s);
  ASSERT_EQ(suite.groups.size(), 2u);
  const CaseGroup& group = suite.groups[0];
  EXPECT_THAT(group.scenarios, ElementsAre(Scenario::streaming));
  EXPECT_THAT(group.transports, ElementsAre("pipe", "faulty"));
  EXPECT_THAT(group.waits, ElementsAre("table", "spin"));
  EXPECT_THAT(group.sizes, ElementsAre(64u, 4096u, 1048576u));
  EXPECT_THAT(group.placements, ElementsAre("nearest", "smt"));
  EXPECT_THAT(group.options, ElementsAre(Pair("capacity", "1MiB"), Pair("lock", "ofd")));
  EXPECT_THAT(suite.groups[1].transports, IsEmpty());
}

TEST(ParseSuite, ReadsUpToWhichLoadGivenRatesAreMeasured) {
  EXPECT_EQ(parse_suite(kHead + "[[cases]]\n", "my.toml").most_load, 0u);
  EXPECT_EQ(parse_suite(kHead + "most_load = 90\n[[cases]]\n", "my.toml").most_load, 90u);
  for (const char* wrong : {"0", "101", "-1"}) {
    EXPECT_THAT(suite_complaint(kHead + "most_load = " + wrong + "\n[[cases]]\n"),
                HasSubstr("my.toml:6: most_load must be from 1 to 100 per cent"));
  }
}

TEST(ParseSuite, NamesTransportsOfPluginsWhereItSaysHowToHaveThem) {
  const std::string group = "[[cases]]\ntransports = [\"another\"]\n";
  EXPECT_THAT(suite_complaint(kHead + group), StartsWith("my.toml:7: transports: unknown value 'another'"));
  const Suite suite = parse_suite(kHead + group + "without_plugin = \"install it\"\n", "my.toml");
  EXPECT_EQ(suite.groups[0].without_plugin, "install it");
  EXPECT_THAT(suite.groups[0].transports, ElementsAre("another"));
  EXPECT_EQ(suite_complaint(kHead + "[[cases]]\ntransports = [\"a/b\"]\nwithout_plugin = \"install it\"\n"),
            "my.toml:7: transports 'a/b' isn't lower case, digits and '-' of at most 32 bytes");
  EXPECT_EQ(suite_complaint(kHead + group + "without_plugin = \"\"\n"), "my.toml:8: without_plugin is missing");
}

TEST(ParseSuite, NamesFileLineAndNearestKey) {
  EXPECT_EQ(suite_complaint(kHead + "lauches = 9\n[[cases]]\n"),
            "my.toml:6: unknown key 'lauches'; did you mean 'launches'?");
  EXPECT_EQ(suite_complaint(kHead + "[[cases]]\nsize = [64]\n"),
            "my.toml:7: unknown key 'size'; did you mean 'sizes'?");
}

TEST(ParseSuite, NamesTheNearestValue) {
  EXPECT_EQ(suite_complaint(kHead + "[[cases]]\ntransports = [\"pip\"]\n"),
            "my.toml:7: transports: unknown value 'pip'; did you mean 'pipe'?; that of a plug-in needs --plugin FILE");
  EXPECT_EQ(suite_complaint(kHead + "[[cases]]\nwaits = [\n  \"block\",\n  \"spinn\"]\n"),
            "my.toml:9: waits: unknown value 'spinn'; did you mean 'spin'?");
  EXPECT_EQ(suite_complaint(kHead + "[[cases]]\nscenarios = [\"stream\"]\n"),
            "my.toml:7: scenarios: unknown value 'stream'; did you mean 'streaming'?");
  EXPECT_EQ(suite_complaint(kHead + "[[cases]]\nplacements = [\"same_cpu\"]\n"),
            "my.toml:7: placements: unknown value 'same_cpu'; did you mean 'same-cpu'?");
}

TEST(ParseSuite, RefusesWrongTypes) {
  EXPECT_THAT(suite_complaint(kHead + "launches = \"9\"\n[[cases]]\n"),
              StartsWith("my.toml:6: launches must be a whole"));
  EXPECT_THAT(suite_complaint(kHead + "summary = 1\n[[cases]]\n"), StartsWith("my.toml:6: summary must be a string"));
  EXPECT_THAT(suite_complaint(kHead + "[[cases]]\nwaits = \"all\"\n"), StartsWith("my.toml:7: waits must be an array"));
  EXPECT_THAT(suite_complaint(kHead + "[[cases]]\nsizes = [1.5]\n"),
              StartsWith("my.toml:7: sizes must be whole numbers"));
  EXPECT_THAT(suite_complaint(kHead + "cases = [1]\n"), StartsWith("my.toml:6: cases must be tables"));
}

TEST(ParseSuite, RefusesBadValues) {
  EXPECT_THAT(suite_complaint(kHead + "passes = 5\n[[cases]]\n"), StartsWith("my.toml:6: passes must be from 6"));
  EXPECT_THAT(suite_complaint(kHead + "launches = 5\n[[cases]]\n"), StartsWith("my.toml:6: launches must be from 6"));
  EXPECT_THAT(suite_complaint(kHead + "launches = 9\npasses = 9\n[[cases]]\n"),
              StartsWith("my.toml:6: launches is the older name of passes"));
  EXPECT_THAT(suite_complaint(kHead + "[[cases]]\nsizes = [0]\n"), StartsWith("my.toml:7: sizes must be at least 1"));
  EXPECT_THAT(suite_complaint(kHead + "[[cases]]\nsizes = [-1]\n"),
              StartsWith("my.toml:7: sizes must not be negative"));
  EXPECT_THAT(suite_complaint(kHead + "[[cases]]\nsizes = [\"64KB\"]\n"),
              StartsWith("my.toml:7: sizes: '64KB' is not"));
  EXPECT_THAT(suite_complaint(kHead + "[[cases]]\nsizes = []\n"), StartsWith("my.toml:7: sizes is empty"));
  EXPECT_THAT(suite_complaint(kHead + "[[cases]]\noptions = [\"ofd\"]\n"),
              StartsWith("my.toml:7: options: 'ofd' is not"));
  EXPECT_THAT(
      suite_complaint("schema = \"ipcbench-suite\"\nversion = 1\nname = \"a\"\nblock = \"1ms\"\nbudget = \"60s\"\n"),
      StartsWith("my.toml:4: block must be at least 5 ms"));
  EXPECT_THAT(suite_complaint("schema = \"ipcbench-suite\"\nversion = 1\nname = \"a\"\nblock = \"25\"\n"),
              StartsWith("my.toml:4: block: '25' is not a time"));
}

TEST(ParseSuite, RefusesANameThatNoResultHolds) {
  std::string text = kHead + "[[cases]]\n";
  text.replace(text.find("mine"), 4, std::string(513, 'n'));
  EXPECT_EQ(suite_complaint(text), "my.toml:3: name must be at most 512 bytes long");
}

TEST(ParseSuite, RefusesOtherSchemasAndVersions) {
  EXPECT_THAT(suite_complaint("schema = \"other\"\n"), StartsWith("my.toml:1: schema must be \"ipcbench-suite\""));
  EXPECT_THAT(suite_complaint("schema = \"ipcbench-suite\"\nversion = 2\nnew_key = 1\n"),
              StartsWith("my.toml:2: version 2 is not supported"));
}

TEST(ParseSuite, MissesWhatIsNeeded) {
  EXPECT_THAT(suite_complaint(""), ::testing::HasSubstr("the key 'schema' is missing"));
  EXPECT_THAT(suite_complaint(kHead), ::testing::HasSubstr("the key 'cases' is missing"));
}

TEST(ParseSuite, NamesTheLineOfASyntaxError) {
  EXPECT_THAT(suite_complaint(kHead + "launches = = 9\n"), StartsWith("my.toml:6: "));
  EXPECT_THAT(suite_complaint(kHead + "name = \"twice\"\n"), StartsWith("my.toml:6: "));
}

TEST(LoadSuite, HoldsTheBuiltInOnes) {
  EXPECT_THAT(builtin_suites(), ElementsAre("quick", "standard", "full", "ci", "load", "idle", "patterns", "channels",
                                            "locks", "kernel", "libraries", "claims"));
  for (const std::string name : {"quick", "standard", "full"}) {  // "ci" names mechanisms that this program lacks
    const Suite suite = load_suite(name);
    EXPECT_EQ(suite.name, name);
    EXPECT_EQ(suite.passes, 9) << name;
    EXPECT_FALSE(suite.groups.empty()) << name;
    EXPECT_FALSE(suite.summary.empty()) << name;
  }
  EXPECT_EQ(load_suite("quick").budget, 120s);
  EXPECT_EQ(load_suite("standard").budget, 15min);
  EXPECT_EQ(load_suite("full").budget, 45min);
}

TEST(LoadSuite, SuggestsABuiltInName) {
  try {
    load_suite("quik");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), StartsWith("unknown suite 'quik'; did you mean 'quick'?"));
  }
}

TEST(LoadSuite, TakesAFile) {
  EXPECT_EQ(load_suite(IPCBENCH_SOURCE_DIR "/scenarios/suites/full.toml").name, "full");
  EXPECT_THROW(load_suite("nowhere/mine.toml"), UsageError);
}

TEST(Duration, IsReadAndWritten) {
  EXPECT_EQ(parse_duration("25ms", "x"), 25ms);
  EXPECT_EQ(parse_duration("2 h", "x"), 2h);
  EXPECT_EQ(parse_duration("5min", "x"), 5min);
  EXPECT_EQ(parse_duration("5m", "x"), 5min);
  EXPECT_EQ(parse_duration("90s", "x"), 90s);
  EXPECT_EQ(parse_duration("500ms", "x"), 500ms);
  for (const char* bad : {"", "25", "1.5s", "-1s", "5mins", "99999999h"}) {
    try {
      parse_duration(bad, "--budget");
      ADD_FAILURE() << bad;
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), StartsWith("--budget: '")) << bad;
    }
  }
  EXPECT_EQ(format_duration(25ms), "25 ms");
  EXPECT_EQ(format_duration(8500us), "8.5 ms");
  EXPECT_EQ(format_duration(1500ms), "1.5 s");
  EXPECT_EQ(format_duration(60s), "60 s");
  EXPECT_EQ(format_duration(15min), "15 min");
  EXPECT_EQ(format_duration(150s), "2 min 30 s");
  EXPECT_EQ(format_duration(180min), "3 h 0 min");
}

TEST(Duration, OfAnyNumberIsAnIntegerOfNanoseconds) {
  EXPECT_EQ(whole_ns(2.5e9), 2500ms);
  EXPECT_EQ(whole_ns(1e300), 1'000'000'000'000'000'000ns);
  EXPECT_EQ(whole_ns(-1e300), -1'000'000'000'000'000'000ns);
  EXPECT_EQ(whole_ns(std::nan("")), 0ns);
}

TEST(Duration, WhatRoundsToTheNextUnitIsWrittenInIt) {
  EXPECT_EQ(format_duration(999us), "999 us");
  EXPECT_EQ(format_duration(999'900ns), "1 ms");
  EXPECT_EQ(format_duration(999'499us), "999 ms");
  EXPECT_EQ(format_duration(999'900us), "1 s");
  EXPECT_EQ(format_duration(9'960ms), "10 s");
  EXPECT_EQ(format_duration(119'600ms), "2 min");
}

}  // namespace
}  // namespace ipcbench
