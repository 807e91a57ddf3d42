#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/cli.h"

// Checks what a user of a shell sees after TAB.

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

using Words = std::vector<std::string>;

class Completion : public Cli {
 protected:
  // Returns the candidates without their texts.
  Words candidates(const std::string& words) const {
    const Outcome outcome = ipcbench("complete -- " + words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.err, IsEmpty());
    return lines(outcome.out);
  }

  static Words lines(const std::string& text) {
    Words words;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) words.push_back(line.substr(0, line.find('\t')));
    return words;
  }

  bool has(const std::string& program) const { return shell("command -v " + program).code == 0; }
  static std::string script(const std::string& name) { return IPCBENCH_SOURCE_DIR "/cli/completions/" + name; }
};

TEST_F(Completion, StartsWithTheSubcommandsOfHelp) {
  EXPECT_THAT(candidates("''"),
              AllOf(Contains("run"), Contains("list"), Not(Contains("complete")), Not(Contains("measure-launch"))));
  EXPECT_THAT(candidates("pl"), ElementsAre("plan"));
  EXPECT_THAT(candidates("--color never sel"), ElementsAre("selftest"));
}

TEST_F(Completion, OffersTheFlagsOfTheSubcommandThatAreNotThereYet) {
  EXPECT_THAT(candidates("run --pas"), ElementsAre("--passes"));
  EXPECT_THAT(candidates("list --j"), ElementsAre("--json"));
  EXPECT_THAT(candidates("list --json --j"), IsEmpty());
  EXPECT_THAT(candidates("run --transport pipe --transp"), ElementsAre("--transport"));
}

TEST_F(Completion, KnowsTheValuesOfOptions) {
  EXPECT_THAT(candidates("run --transport unix-st"), ElementsAre("unix-stream"));
  EXPECT_THAT(candidates("run --scenario ''"),
              ElementsAre("ping-pong", "streaming", "setup", "rate", "fan-in", "fan-out", "many-to-many", "server",
                          "channels", "contended"));
  EXPECT_THAT(candidates("plan --wait ''"), ElementsAre("block", "spin", "poll", "hybrid", "io-uring"));
  EXPECT_THAT(candidates("plan --placement same-c"), ElementsAre("same-cpu"));
  EXPECT_THAT(candidates("plan --payload ''"), ElementsAre("lines", "full", "header"));
  EXPECT_THAT(candidates("plan --workers ''"), ElementsAre("fork", "exec"));
  EXPECT_THAT(candidates("plan --option capa"), ElementsAre("capacity="));
  EXPECT_THAT(candidates("plan --option capacity=1MiB,repl"), ElementsAre("capacity=1MiB,reply="));
  EXPECT_THAT(candidates("show --format ''"), ElementsAre("table", "markdown", "csv", "json"));
  EXPECT_THAT(candidates("report --format ht"), ElementsAre("html"));
  EXPECT_THAT(candidates("report --lang ''"), ElementsAre("en", "zh"));
  EXPECT_THAT(candidates("--color a"), ElementsAre("auto", "always"));
}

TEST_F(Completion, CompletesTheLastOfAListAndBehindAnEqualsSign) {
  EXPECT_THAT(candidates("run --wait block,sp"), ElementsAre("block,spin"));
  EXPECT_THAT(
      candidates("run --scenario streaming,''"),
      ElementsAre("streaming,ping-pong", "streaming,setup", "streaming,rate", "streaming,fan-in", "streaming,fan-out",
                  "streaming,many-to-many", "streaming,server", "streaming,channels", "streaming,contended"));
  EXPECT_THAT(candidates("run --wait=block,sp"), ElementsAre("--wait=block,spin"));
}

TEST_F(Completion, KnowsArgumentsByTheirPlace) {
  const std::vector<std::string> suites = {"quick",    "standard", "full",  "ci",     "load",      "idle",
                                           "patterns", "channels", "locks", "kernel", "libraries", "claims"};
  EXPECT_THAT(candidates("run ''"), ElementsAreArray(suites));
  EXPECT_THAT(candidates("ab --suite ''"), ElementsAreArray(suites));
  EXPECT_THAT(candidates("ab --out ''"), ElementsAre("markdown", "junit", "json", "github", "openmetrics", "gbench"));
  EXPECT_THAT(candidates("calibrate --progress j"), ElementsAre("json"));
  EXPECT_THAT(candidates("run --passes 9 st"), ElementsAre("standard"));
  EXPECT_THAT(candidates("list ca"), ElementsAre("cases"));
  EXPECT_THAT(candidates("list cases fu"), ElementsAre("full"));
  EXPECT_THAT(candidates("list cases full ''"), IsEmpty());
}

TEST_F(Completion, CaseIdsAreThoseOfTheSuiteOrTheResult) {
  EXPECT_THAT(candidates("run --filter ping-pong/pipe/block/64/same-c"),
              ElementsAre("ping-pong/pipe/block/64/same-cpu"));
  EXPECT_THAT(candidates("run --filter ping-pong/pipe/block/1/same-c"), IsEmpty());
  EXPECT_THAT(candidates("run standard --filter ping-pong/pipe/block/1/same-c"),
              ElementsAre("ping-pong/pipe/block/1/same-cpu"));
  const Words stored =
      candidates("show " IPCBENCH_SOURCE_DIR "/results/published/quick-intel-xeon-kvm.json --hgrm ping");
  EXPECT_THAT(stored, AllOf(Contains("ping-pong/pipe/block/64/same-cpu"), Each(StartsWith("ping-pong/"))));
}

TEST_F(Completion, LeavesFilesToTheShell) {
  EXPECT_THAT(candidates("show ''"), IsEmpty());
  EXPECT_THAT(candidates("report ''"), IsEmpty());
  EXPECT_THAT(candidates("report -o ''"), IsEmpty());
  EXPECT_THAT(candidates("run -o ''"), IsEmpty());
  EXPECT_THAT(candidates("run absent.toml --filter ''"), IsEmpty());
  EXPECT_THAT(candidates("show absent.json --hgrm ''"), IsEmpty());
}

TEST_F(Completion, BashReplacesWhatReadlineTakesForAWord) {
  const std::string script_path = script("ipcbench.bash");
  EXPECT_EQ(shell("bash -n '" + script_path + "'").code, 0);
  const auto complete = [&](const std::string& words, int last) {
    return lines(shell("source '" + script_path + "'\nCOMP_WORDS=(ipcbench " + words + ")\nCOMP_CWORD=" +
                       std::to_string(last) + "\n_ipcbench \"$ipcbench\"\nprintf '%s\\n' \"${COMPREPLY[@]}\"")
                     .out);
  };
  EXPECT_THAT(complete("run --scenario str", 3), ElementsAre("streaming"));
  EXPECT_THAT(complete("run --scenario = str", 4), ElementsAre("streaming"));
  EXPECT_THAT(complete("run --scenario =", 3),
              ElementsAre("ping-pong", "streaming", "setup", "rate", "fan-in", "fan-out", "many-to-many", "server",
                          "channels", "contended"));
  EXPECT_THAT(complete("plan --option capa", 3), ElementsAre("capacity="));
}

TEST_F(Completion, ZshAddsTheCandidates) {
  if (!has("zsh")) GTEST_SKIP() << "there is no zsh";
  EXPECT_EQ(shell("zsh -fn '" + script("_ipcbench") + "'").code, 0);
  const Outcome outcome = shell(
      "export ipcbench; zsh -f <<'END'\n"
      "compadd() { print -l -- $candidates $texts }\n_files() { print files }\n"
      "_ipcbench() { source '" +
      script("_ipcbench") +
      "' }\n"
      "words=($ipcbench run --scenario str) CURRENT=4 PREFIX=str; _ipcbench\n"
      "words=($ipcbench list tr) CURRENT=3 PREFIX=tr; _ipcbench\n"
      "words=($ipcbench show '') CURRENT=3 PREFIX=''; _ipcbench\nEND");
  EXPECT_THAT(lines(outcome.out), ElementsAre("streaming", "streaming", "transports", "transports", "files"))
      << outcome.err;
}

TEST_F(Completion, FishAsksTheProgram) {
  if (!has("fish")) GTEST_SKIP() << "there is no fish";
  EXPECT_EQ(shell("fish --no-config --no-execute '" + script("ipcbench.fish") + "'").code, 0);
  const Outcome outcome = shell(
      "export HOME=$PWD XDG_DATA_HOME=$PWD XDG_CONFIG_HOME=$PWD PATH=$(dirname \"$ipcbench\"):$PATH\n"
      "fish --no-config -c 'source " +
      script("ipcbench.fish") + "; complete -C \"ipcbench run --scenario str\"; complete -C \"ipcbench sh\"'");
  EXPECT_THAT(lines(outcome.out), ElementsAre("streaming", "show")) << outcome.err;
}

}  // namespace
}  // namespace ipcbench
