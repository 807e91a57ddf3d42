// Checks what a run reports on stderr, and what two concurrent runs know of each other.

#include <algorithm>
#include <csignal>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "harness/base/io.h"
#include "harness/files/output_file.h"
#include "harness/run_dir/run_dir.h"
#include "program_run.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::StartsWith;

using ProgressModes = ProgramRun;

TEST_F(ProgressModes, JsonIsAnObjectALineForEveryLaunch) {
  ASSERT_EQ(run(small_suite({"--progress", "json", "--passes", "2"})), 0) << err();
  std::size_t launches = 0, pilots = 0;
  std::vector<std::string> stages;
  nlohmann::json last;
  std::istringstream lines(err());
  for (std::string line; std::getline(lines, line);) {
    last = nlohmann::json::parse(line);
    if (last.at("event") == "stage") stages.push_back(last.at("stage"));
    if (last.at("event") != "launch") continue;
    ASSERT_FALSE(stages.empty());
    EXPECT_EQ(last.at("stage"), stages.back());
    ++(last.at("stage") == "pilot" ? pilots : launches);
    EXPECT_EQ(last.at("status"), "ok");
    EXPECT_EQ(last.at("total"), 8);
    EXPECT_EQ(last.at("done"), launches);
    EXPECT_TRUE(last.at("left_ns").is_number_integer() && last.at("elapsed_ns").is_number_integer());
  }
  EXPECT_EQ(pilots, 4u);
  EXPECT_EQ(launches, 8u);
  EXPECT_THAT(stages, IsSupersetOf({"floors", "pilot", "pass 1 of 2", "pass 2 of 2", "memory"}));
  EXPECT_EQ(last, (nlohmann::json{{"event", "end"}, {"complete", true}, {"result", output()}, {"resume", nullptr}}));
}

TEST_F(ProgressModes, NoneIsTheResultAndNothingElse) {
  ASSERT_EQ(run(small_suite({"--progress", "none", "--passes", "1"})), 0);
  EXPECT_EQ(err(), "result: " + output() + "\n");
}

TEST_F(ProgressModes, PlainAndALogNeverRewriteALine) {
  for (const char* mode : {"plain", "auto"}) {
    ASSERT_EQ(run(small_suite({"--progress", mode, "--passes", "1"})), 0);
    EXPECT_THAT(err(), AllOf(StartsWith("note: "), HasSubstr("small: 4 cases"), Not(HasSubstr("\r")))) << mode;
  }
}

TEST_F(ProgressModes, ATerminalGetsOneLineWithPassCaseAndTimeLeft) {
  if (std::system("command -v script >/dev/null") != 0) GTEST_SKIP() << "needs script(1) for a terminal";
  const std::string run = std::string("'") + IPCBENCH_PROGRAM + "' run '" + path("small.toml") + "' --passes 9 -o '" +
                          output() + "' >/dev/null";
  const std::string command = "TERM=xterm script -qec \"" + run + "\" '" + path("log") + "' >/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_THAT(read_file(path("log")),
              AllOf(HasSubstr("\r"), HasSubstr(" of 9  "), HasSubstr("/36 launches"), HasSubstr(" left")));
}

TEST_F(ProgressModes, AnUnknownModeNamesTheNearest) {
  EXPECT_EQ(run({"--progress", "jsn"}), 2);
  EXPECT_THAT(err(), HasSubstr("'json'"));
}

std::vector<std::string> other_runs(const Result& result) {
  std::vector<std::string> texts;
  for (const HostCheck& check : result.machine.checks) {
    if (check.id != "other-run") continue;
    EXPECT_EQ(check.severity, Severity::noisy);
    texts.push_back(check.text);
  }
  return texts;
}

TEST_F(ProgressModes, TwoRunsAtATimeAreMarkedInBothResults) {
  Child first = start(small_suite({"--passes", "60"}));
  ASSERT_TRUE(wait_until(first, [&] { return launches_in_journal() >= 1; })) << err();
  const int code = run({path("small.toml"), "-o", path("second.json"), "--passes", "1"});
  ASSERT_EQ(code, 0) << err();
  EXPECT_THAT(err(), HasSubstr("warning: another ipcbench, process " + std::to_string(first.pid())));
  EXPECT_THAT(other_runs(load_result(path("second.json"))),
              Contains(HasSubstr("process " + std::to_string(first.pid()))));

  ASSERT_EQ(first.wait().code, 0);
  EXPECT_EQ(other_runs(load_result(output())).size(), 1u);
}

// The other run has ended before the pass does, so that only a look after each launch can see it.
TEST_F(ProgressModes, ARunThatComesAndGoesWithinAPassMarksTheLaunchesItDisturbed) {
  std::string suite = read_file(path("small.toml"));
  suite.replace(suite.find("5ms"), 3, "300ms");
  write_file_atomically(path("long.toml"), suite);
  Child run = start({path("long.toml"), "-o", output(), "--passes", "1"});
  ASSERT_TRUE(wait_until(run, [&] { return launches_in_journal() >= 1; })) << err();
  std::optional<RunDir> other(RunDir::create());
  const std::size_t before = launches_in_journal();
  ASSERT_TRUE(wait_until(run, [&] { return launches_in_journal() > before; })) << err();
  other.reset();
  ASSERT_EQ(run.wait().code, 0) << err();

  const Result result = load_result(output());
  EXPECT_THAT(other_runs(result), ElementsAre(HasSubstr("ended beside it, the first in pass 1")));
  std::size_t marked = 0, launches = 0;
  for (const CaseRecord& c : result.cases) {
    for (const LaunchRecord& launch : c.launches) {
      ++launches;
      marked += std::ranges::find(launch.environment, "other_runs", &Attributes::value_type::first) !=
                        launch.environment.end()
                    ? 1
                    : 0;
    }
  }
  EXPECT_GE(marked, 1u);
  EXPECT_LT(marked, launches);
}

TEST_F(ProgressModes, ARunAloneIsNotMarked) {
  ASSERT_EQ(run(small_suite({"--passes", "1"})), 0);
  EXPECT_THAT(other_runs(load_result(output())), IsEmpty());
}

}  // namespace
}  // namespace ipcbench
