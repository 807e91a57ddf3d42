#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/run_dir/run_dir.h"
#include "program_run.h"
#include "results/files/pair_file.h"
#include "tests/integration/cli.h"

// Checks paired comparisons of real launches, with working arms and with arms that fail.

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Ab : public Cli {
 protected:
  // Makes a build that answers like the real one, except that a launch runs `line` of bash ("$@": its arguments).
  std::string arm(const std::string& name, const std::string& line) const {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path) << "#!/bin/bash\nipcbench='" << IPCBENCH_PROGRAM
                        << "'\nif [[ $2 == --help ]]; then exec \"$ipcbench\" \"$@\"; fi\n"
                        << line << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return "'" + path.string() + "'";
  }
  Outcome ab(const std::string& arguments) const {
    return shell(
        "export XDG_RUNTIME_DIR=$PWD\n\"$ipcbench\" ab --progress none -o pairs.jsonl " + arguments +
        "\ncode=$?\n[[ -z $(ls -A ipcbench 2>/dev/null) ]] || { echo left: ipcbench/* >&2; exit 99; }\nexit $code");
  }
  PairSession stored() const { return load_pairs((folder_ / "pairs.jsonl").string()).sessions.back(); }
  nlohmann::json report() const { return nlohmann::json::parse(content_of(folder_ / "report.json")); }
};

const std::string kSelf = "--base \"$ipcbench\" --head \"$ipcbench\" ";
const std::string kReal = "exec \"$ipcbench\" \"$@\"";

TEST_F(Ab, MeasuresPairsInBothOrdersWithTheSameLengths) {
  const Outcome outcome = ab(kSelf + "--transport pipe,tcp --looks 1 --rounds 4 --seed 1 --out json=report.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const PairSession session = stored();
  ASSERT_EQ(session.header.cases.size(), 2u);
  int timed = 0, counted = 0, head_first = 0;
  for (const LaunchPair& pair : session.pairs) {
    EXPECT_EQ(pair.base.status, Status::ok) << pair.base.reason;
    (pair.counts ? counted : timed) += 1;
    head_first += !pair.counts && pair.head_first ? 1 : 0;
    EXPECT_TRUE(log_ratio(pair, pair.counts ? Metric::syscalls : Metric::rtt_p50));
  }
  EXPECT_EQ(timed, 8);
  EXPECT_EQ(head_first, 4) << "each two rounds have both orders";
  EXPECT_GT(counted, 0);
  for (const PairedCase& c : session.header.cases) EXPECT_GT(c.ops, 0u) << c.id;
  EXPECT_GT(session.header.block_ns.value_or(0), 0);
  ASSERT_TRUE(session.header.base.build && session.header.head.build);
  EXPECT_EQ(session.header.base.build->build_type, session.header.build.build_type);
  double last_s = 0;
  for (const LaunchPair& pair : session.pairs) {
    EXPECT_GT(pair.at_s.value_or(0), last_s);
    last_s = pair.at_s.value_or(0);
  }
  EXPECT_EQ(report().at("verdict"), "pass");
  EXPECT_EQ(report().at("gated"), 4);
}

TEST_F(Ab, ALoadOfAGivenRateIsMeasuredInPairs) {
  const Outcome outcome = ab(kSelf +
                             "--scenario rate --transport pipe --wait block --placement same-cpu --option "
                             "rate=20k --looks 1 --rounds 6 --out json=report.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const PairSession session = stored();
  ASSERT_EQ(session.header.cases.size(), 1u);
  EXPECT_EQ(session.header.cases.front().ops, 5000u) << "250 ms";
  int with_latency = 0;
  for (const LaunchPair& pair : session.pairs) {
    EXPECT_EQ(pair.base.status, Status::ok) << pair.base.reason;
    if (pair.counts) continue;
    with_latency += pair.base.load_p50_ns && pair.head.load_p50_ns ? 1 : 0;
    EXPECT_TRUE(log_ratio(pair, Metric::message_time));
  }
  EXPECT_GT(with_latency, 0) << "a launch that doesn't keep up has no latency; beside other tests some don't";
}

TEST_F(Ab, AShareOfTheSaturationIsLeftOut) {
  const Outcome outcome = ab(kSelf +
                             "--scenario rate --transport pipe --wait block --placement same-cpu --option "
                             "load=50 --filter load=50 --looks 1 --rounds 2");
  EXPECT_THAT(outcome.err + outcome.out, HasSubstr("a given rate (rate=20k) can be compared"));
}

TEST_F(Ab, ASlowdownIsARegressionOfItsTransportAlone) {
  Outcome outcome;
  // Beside other tests a job may be too noisy to decide; three in a row seldom are.
  for (int job = 0; job < 3 && outcome.out.find("regression:") == std::string::npos; ++job) {
    outcome = ab(
        "--head-env IPCBENCH_INJECT=pipe:+30000ns --transport pipe,tcp --looks 1 --rounds 10 --out json=report.json");
  }
  if (outcome.code == 2 && outcome.err.find("can't inject") != std::string::npos) GTEST_SKIP() << outcome.err;
  EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out,
              HasSubstr("regression: 1 of 4 gated figures is worse: ping-pong/pipe/block/64/same-cpu, RTT p50"));
  int seen = 0;
  const nlohmann::json decided = report();
  for (const nlohmann::json& decision : decided.at("decisions")) {
    if (decision.at("metric") != "rtt_p50_ns" || decision.at("case") != "ping-pong/pipe/block/64/same-cpu") continue;
    EXPECT_EQ(decision.at("verdict"), "regressed");
    EXPECT_FALSE(decision.at("again").is_null());
    ++seen;
  }
  EXPECT_EQ(seen, 1);
}

TEST_F(Ab, OneMoreSystemCallIsCounted) {
  const Outcome outcome =
      ab("--head-env IPCBENCH_INJECT=pipe:+syscall --transport pipe --looks 1 --rounds 8 --out json=report.json");
  if (outcome.code == 2 && outcome.err.find("can't inject") != std::string::npos) GTEST_SKIP() << outcome.err;
  bool has_calls = false;
  const nlohmann::json decided = report();
  for (const nlohmann::json& decision : decided.at("decisions")) {
    if (decision.at("metric") != "syscalls_per_op") continue;
    has_calls = true;
    EXPECT_EQ(decision.at("base"), 4);
    EXPECT_EQ(decision.at("head"), 6);
    EXPECT_EQ(decision.at("verdict"), "regressed");
  }
  if (!has_calls) GTEST_SKIP() << "system calls can't be counted here";
  EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
}

// Returns the words after `flag` in each launch that `log` holds, one launch a line.
std::vector<std::string> words_after(const std::string& flag, const std::string& log) {
  std::vector<std::string> words;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream parts(line);
    for (std::string word; parts >> word;) {
      if (word == flag && parts >> word) words.push_back(word);
    }
  }
  return words;
}

// Rule 14: the warm-up has 5 ms of traffic as a count, which is the same in both arms.
TEST_F(Ab, BothArmsWarmUpAsLongAsThePilotSays) {
  const std::string log = "echo \"$@\" >> launches.log\n" + kReal;
  const Outcome outcome = ab("--base " + arm("base", log) + " --head " + arm("head", log) +
                             " --transport pipe --looks 1 --rounds 3 --out json=report.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const PairedCase c = stored().header.cases.at(0);
  EXPECT_GE(c.warmup_ops, 100u);
  const std::vector<std::string> words = words_after("--warm-up", content_of(folder_ / "launches.log"));
  EXPECT_GE(words.size(), 6u) << "each timed launch of both arms";
  EXPECT_THAT(words, Each(std::to_string(c.warmup_ops)));
}

TEST_F(Ab, AnArmOfAnEarlierBuildLeavesTheWarmUpToBoth) {
  const std::filesystem::path old = folder_ / "old";
  std::ofstream(old)
      << "#!/bin/bash\nipcbench='" << IPCBENCH_PROGRAM << "'\n"
      << "if [[ $2 == --help ]]; then \"$ipcbench\" \"$@\" | grep -v -e --warm-up -e --hybrid-spin; exit 0; fi\n"
      << "[[ $* == *--warm-up* || $* == *--hybrid-spin* ]] && exit 2\n"
      << kReal << "\n";
  std::filesystem::permissions(old, std::filesystem::perms::owner_all);
  const std::string log = "echo \"$@\" >> launches.log\n" + kReal;
  const Outcome outcome = ab("--base ./old --head " + arm("head", log) + " --transport pipe --looks 1 --rounds 3");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(stored().header.cases.at(0).warmup_ops, 0u);
  EXPECT_THAT(words_after("--warm-up", content_of(folder_ / "launches.log")), IsEmpty());
}

TEST_F(Ab, AnArmOfAnEarlierBuildCantExecuteWorkers) {
  const std::filesystem::path old = folder_ / "old";
  std::ofstream(old) << "#!/bin/bash\nipcbench='" << IPCBENCH_PROGRAM << "'\n"
                     << "if [[ $2 == --help ]]; then \"$ipcbench\" \"$@\" | grep -v -e --workers; exit 0; fi\n"
                     << kReal << "\n";
  std::filesystem::permissions(old, std::filesystem::perms::owner_all);
  const Outcome outcome =
      ab("--base ./old --head " + arm("head", kReal) + " --transport pipe --workers exec --rounds 3");
  EXPECT_EQ(outcome.code, 2) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("--base: ./old is an earlier build, which can't execute workers"));
}

TEST_F(Ab, BothArmsExecuteTheirWorkers) {
  const std::string log = "echo \"$@\" >> launches.log\n" + kReal;
  const Outcome outcome = ab("--base " + arm("base", log) + " --head " + arm("head", log) +
                             " --transport pipe --workers exec --looks 1 --rounds 2");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(stored().header.workers, "exec");
  const std::vector<std::string> words = words_after("--workers", content_of(folder_ / "launches.log"));
  EXPECT_GE(words.size(), 4u);
  EXPECT_THAT(words, Each(std::string("exec")));
}

// The spin time is measured once for the job; if each launch measured it, the arms would differ.
TEST_F(Ab, EveryLaunchOfAJobSpinsAsLong) {
  const std::string log = "echo \"$@\" >> launches.log\n" + kReal;
  const Outcome outcome = ab("--base " + arm("base", log) + " --head " + arm("head", log) +
                             " --transport posix-shm --size 64 --wait hybrid --cpus 0,1 --looks 1 --rounds 2");
  if (outcome.code == 2) GTEST_SKIP() << "needs CPUs 0 and 1: " << outcome.err;
  EXPECT_THAT(outcome.code, AnyOf(0, 3)) << outcome.out << outcome.err;
  const std::vector<HybridSpinRecord>& spins = stored().header.hybrid_spins;
  ASSERT_EQ(spins.size(), 1u);
  EXPECT_GT(spins[0].spin_ns, 0);
  EXPECT_TRUE(spins[0].cache_line_rtt_ns);
  const std::vector<std::string> words = words_after("--hybrid-spin", content_of(folder_ / "launches.log"));
  EXPECT_GE(words.size(), 4u);
  EXPECT_THAT(words, Each(std::to_string(static_cast<long>(spins[0].spin_ns))));
}

// The arms' own launches don't count as other runs; a run that is alive beside a pair marks it.
TEST_F(Ab, PairsBesideAnotherRunAreMarked) {
  const Outcome alone = ab(kSelf + "--transport pipe --looks 1 --rounds 2");
  EXPECT_THAT(alone.err, Not(HasSubstr("another ipcbench")));
  for (const LaunchPair& pair : stored().pairs) EXPECT_EQ(pair.other_runs, 0);

  ::setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
  std::optional<RunDir> other(RunDir::create());
  const Outcome beside = shell("export XDG_RUNTIME_DIR=$PWD\n\"$ipcbench\" ab --progress plain -o beside.jsonl " +
                               kSelf + "--transport pipe --looks 1 --rounds 2");
  other.reset();
  ::unsetenv("XDG_RUNTIME_DIR");
  EXPECT_THAT(beside.err, HasSubstr("warning: another ipcbench, process " + std::to_string(::getpid())));
  EXPECT_THAT(beside.out, HasSubstr("another ipcbench measured beside"));
  const PairFile pairs = load_pairs((folder_ / "beside.jsonl").string());
  ASSERT_FALSE(pairs.sessions.back().pairs.empty());
  for (const LaunchPair& pair : pairs.sessions.back().pairs) EXPECT_EQ(pair.other_runs, 1);
}

TEST_F(Ab, TwoSettingsOfOneBuild) {
  const Outcome outcome =
      ab("--base-option capacity=64KiB --head-option capacity=1MiB --transport posix-shm --size 64 "
         "--looks 1 --rounds 3 --out json=report.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(stored().header.head.options.size(), 1u);
  EXPECT_THAT(report().at("head").get<std::string>(), HasSubstr("capacity=1MiB"));
}

TEST_F(Ab, AnArmThatCrashesIsNamedAndWhatItDidIsStored) {
  const std::string crashing = arm("crashing", "[[ $* == */tcp/* ]] && kill -SEGV $$\n" + kReal);
  const Outcome outcome = ab("--base \"$ipcbench\" --head " + crashing + " --transport pipe,tcp --looks 1 --rounds 6");
  EXPECT_EQ(outcome.code, 4) << outcome.out;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("invalid: ping-pong/tcp/block/64/same-cpu"),
                                 HasSubstr("head: the program was killed by SIGSEGV")));
  int pipes = 0, broken = 0;
  for (const LaunchPair& pair : stored().pairs) {
    if (pair.counts) continue;
    pipes += pair.case_id == "ping-pong/pipe/block/64/same-cpu" ? 1 : 0;
    broken += pair.head.status == Status::crashed ? 1 : 0;
  }
  EXPECT_EQ(pipes, 6) << "the other case is measured to its end";
  EXPECT_EQ(broken, 2) << "then the case is given up";
}

TEST_F(Ab, AnswersThatAreNoneAreCrashes) {
  const Outcome outcome = ab("--base \"$ipcbench\" --head " + arm("babbling", "echo '{\"case\": 3'") +
                             " --transport pipe --looks 1 --rounds 3");
  EXPECT_EQ(outcome.code, 4) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("its answer: not JSON"));
}

TEST_F(Ab, AnotherProtocolVersionIsNotComparable) {
  const Outcome outcome = ab("--base " + arm("old", "echo 'this build uses protocol version 7, not 1' >&2; exit 5") +
                             " --head \"$ipcbench\" --transport pipe --looks 1 --rounds 3");
  EXPECT_EQ(outcome.code, 5);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("--base"),
                    HasSubstr("uses an incompatible protocol version: this build uses protocol version 7")));
  EXPECT_THAT(outcome.out, IsEmpty());
}

TEST_F(Ab, ACaseThatOneArmLacksIsLeftOut) {
  const std::string lacking =
      arm("lacking", "[[ $* == */tcp/* ]] && { echo \"--case: unknown transport 'tcp'\" >&2; exit 2; }\n" + kReal);
  const Outcome outcome = ab("--base " + lacking + " --head \"$ipcbench\" --transport pipe,tcp --looks 1 --rounds 3");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("base has no such case: --case: unknown transport 'tcp'"));
  const Outcome alone = ab("--base " + lacking + " --head \"$ipcbench\" --transport tcp --looks 1 --rounds 3");
  EXPECT_EQ(alone.code, 5);
  EXPECT_THAT(alone.err, HasSubstr("no case of suite ci in common"));
}

TEST_F(Ab, ABuildWithoutTheNewerFlagsIsStillAnArm) {
  // Its help lacks them, so that they are never passed.
  const std::filesystem::path path = folder_ / "older";
  std::ofstream(path) << "#!/bin/bash\nif [[ $2 == --help ]]; then echo '--abi'; exit 0; fi\n[[ $* != *--clock* && $* "
                         "!= *--count-calls* ]] "
                         "|| exit 2\nexec '"
                      << IPCBENCH_PROGRAM << "' \"$@\"\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  const Outcome outcome =
      ab("--base '" + path.string() + "' --head \"$ipcbench\" --transport pipe --looks 1 --rounds 3");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  for (const LaunchPair& pair : stored().pairs) EXPECT_FALSE(pair.counts);
  EXPECT_THAT(outcome.out, HasSubstr("switches/op"));
}

TEST_F(Ab, WhatIsNoBuildIsAUsageError) {
  for (const std::string program : {"/bin/true", "/absent", "'$PWD'"}) {
    const Outcome outcome = ab("--base " + program + " --head \"$ipcbench\" --transport pipe");
    EXPECT_EQ(outcome.code, 2) << program;
    EXPECT_THAT(outcome.err, HasSubstr("--base: ")) << program;
  }
}

TEST_F(Ab, AFullDiskIsSaidAndCostsNoReport) {
  const Outcome outcome = ab(kSelf + "--transport pipe --looks 1 --rounds 3 --out junit=/dev/full json=report.json");
  EXPECT_EQ(outcome.code, 70);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("--out: "), HasSubstr("/dev/full")));
  EXPECT_THAT(outcome.out, HasSubstr("pass: "));
  EXPECT_EQ(report().at("verdict"), "pass");
}

TEST_F(Ab, AnUnwritablePlaceIsAUsageErrorBeforeAnythingIsMeasured) {
  for (const std::string place : {"-o /dev/full", "-o -", "-o /dev/stdout", "--out junit=/absent/report.xml"}) {
    const Outcome refused = shell("\"$ipcbench\" ab " + kSelf + "--transport pipe --progress none " + place);
    EXPECT_EQ(refused.code, 2) << place;
    EXPECT_THAT(refused.out, IsEmpty()) << place;
  }
  const Outcome outcome =
      shell("\"$ipcbench\" ab " + kSelf + "--transport pipe --progress none -o /absent/pairs.jsonl");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--output /absent/pairs.jsonl"));
}

// Simulates a job that stopped after its header and some rounds, by truncating its file.
TEST_F(Ab, ResumeGoesOnWhereATornFileEnds) {
  ASSERT_EQ(ab(kSelf + "--transport pipe --rounds 6 --looks 1 --seed 1").code, 0);
  const PairSession whole = stored();
  std::string text = content_of(folder_ / "pairs.jsonl");
  for (int lines = 0; lines < 3; ++lines) text.erase(text.rfind('\n', text.size() - 2) + 1);
  std::ofstream(folder_ / "pairs.jsonl") << text << "{\"case\": \"ping-";

  const Outcome outcome = shell("\"$ipcbench\" ab --progress plain " + kSelf + "--resume pairs.jsonl");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("was left out"));
  const PairFile file = load_pairs((folder_ / "pairs.jsonl").string());
  EXPECT_EQ(file.torn, "");
  ASSERT_EQ(file.sessions.size(), 1u);
  const PairSession& resumed = file.sessions.back();
  ASSERT_EQ(resumed.pairs.size(), whole.pairs.size());
  for (std::size_t i = 0; i < whole.pairs.size(); ++i) {
    EXPECT_EQ(resumed.pairs[i].round, whole.pairs[i].round);
    EXPECT_EQ(resumed.pairs[i].head_first, whole.pairs[i].head_first) << "the seed decides, not where it stopped";
    EXPECT_TRUE(i == 0 || resumed.pairs[i].at_s.value_or(0) > resumed.pairs[i - 1].at_s.value_or(0));
  }
}

TEST_F(Ab, ResumeRefusesOtherBuildsSettingsAndFlags) {
  ASSERT_EQ(ab(kSelf + "--transport pipe --rounds 3 --looks 1").code, 0);
  const Outcome settings = shell("\"$ipcbench\" ab --progress none --head-env A=B --resume pairs.jsonl");
  EXPECT_EQ(settings.code, 5);
  EXPECT_THAT(settings.err, AllOf(HasSubstr("--resume: its head was measured with the environment none"),
                                  HasSubstr("here with A=B")));
  const std::string older = arm(
      "older",
      "[[ $1 == --version ]] && { \"$ipcbench\" --version | sed 's/^ipcbench .*/ipcbench 0.0.1/'; exit 0; }\n" + kReal);
  const Outcome build = shell("\"$ipcbench\" ab --progress none --base " + older + " --resume pairs.jsonl");
  EXPECT_EQ(build.code, 5) << build.err;
  EXPECT_THAT(build.err, HasSubstr("its base was measured with the build"));
  for (const std::string flag : {"--transport tcp", "--rounds 4", "--seed 1", "-o other.jsonl"}) {
    const Outcome refused = shell("\"$ipcbench\" ab --progress none --resume pairs.jsonl " + flag);
    EXPECT_EQ(refused.code, 2) << flag;
    EXPECT_THAT(refused.err, HasSubstr("leave out " + flag.substr(0, flag.starts_with("--") ? flag.find(' ') : 0)))
        << flag;
  }
  EXPECT_EQ(shell("\"$ipcbench\" ab --progress none --resume absent.jsonl").code, 2);
}

// Two settings that can't be distinguished in so few rounds: the job goes on to twice as many.
TEST_F(Ab, WhatIsUndecidedGoesOnAtTheNextLook) {
  const Outcome outcome = ab(kSelf + "--transport pipe --rounds 2 --looks 4 --seed 1 --out json=report.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const PairSession session = stored();
  EXPECT_THAT(session.header.looks, ElementsAre(2, 4, 8, 16));
  int last = 0;
  for (const LaunchPair& pair : session.pairs) last = pair.counts || pair.confirms ? last : std::max(last, pair.round);
  EXPECT_GE(last + 1, 8) << "an interval takes 8 rounds at least";
  EXPECT_EQ(report().at("looks"), nlohmann::json({2, 4, 8, 16}));
  EXPECT_GT(report().at("used_s").get<double>(), 0);
  EXPECT_EQ(report().at("budget_s").get<double>(), 300);
}

TEST_F(Ab, ABudgetThatIsUsedUpSaysHowToGoOn) {
  const Outcome outcome = ab(kSelf + "--transport pipe,tcp --rounds 400 --budget 1s --out json=report.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("the budget of 1 s is used up"), HasSubstr("first look was not reached"),
                                 HasSubstr(" undecided")));
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("the budget of 1 s is used up"),
                                 HasSubstr("ab --resume pairs.jsonl --base "), HasSubstr(" --budget ")));
  EXPECT_EQ(stored().header.rounds, 9) << "never fewer";
}

TEST_F(Ab, ABadBudgetIsAUsageErrorWithAnExample) {
  for (const std::string budget : {"5", "fast", "0s", "-1min", "1.5h"}) {
    const Outcome outcome = ab(kSelf + "--transport pipe --budget " + budget);
    EXPECT_EQ(outcome.code, 2) << budget;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("--budget"), HasSubstr("5min"))) << budget;
  }
}

class InterruptedAb : public ProgramRun {};

TEST_F(InterruptedAb, KeepsWhatWasMeasured) {
  const std::string pairs = path("pairs.jsonl");
  Child child = start_words({IPCBENCH_PROGRAM, "ab", "--base", IPCBENCH_PROGRAM, "--head", IPCBENCH_PROGRAM,
                             "--transport", "pipe", "--rounds", "5000", "--progress", "none", "-o", pairs});
  const auto has_pairs = [&] {
    if (!std::filesystem::exists(pairs)) return false;
    const std::string text = content_of(pairs);
    return std::count(text.begin(), text.end(), '\n') > 12;
  };
  ASSERT_TRUE(wait_until(child, has_pairs)) << err();
  ::kill(child.pid(), SIGINT);
  EXPECT_EQ(child.wait().code, 130) << err();
  EXPECT_THAT(out(), HasSubstr("interrupted: "));
  const PairFile file = load_pairs(pairs);
  EXPECT_EQ(file.torn, "");
  EXPECT_GT(file.sessions.back().pairs.size(), 10u);
  EXPECT_EQ(run_directories(), 0u);
  EXPECT_THAT(processes(), IsEmpty());
}

TEST_F(InterruptedAb, ASecondSignalEndsItAtOnceAndLeavesNothing) {
  // An arm that never answers.
  std::ofstream(path("hanging")) << "#!/bin/bash\nif [[ $2 == --help ]]; then echo --abi; exit; fi\nread -r <>"
                                 << path("fifo") << "\n";
  std::filesystem::permissions(path("hanging"), std::filesystem::perms::owner_all);
  ASSERT_EQ(std::system(("mkfifo " + path("fifo")).c_str()), 0);
  Child child = start_words({IPCBENCH_PROGRAM, "ab", "--base", path("hanging"), "--head", IPCBENCH_PROGRAM,
                             "--transport", "pipe", "--progress", "none", "-o", path("pairs.jsonl")});
  const auto arm_waits = [&] {
    const std::vector<pid_t> all = processes();
    return std::any_of(all.begin(), all.end(), [](pid_t pid) {
      const std::string words = content_of("/proc/" + std::to_string(pid) + "/cmdline");
      return words.find("measure-launch\0--abi", 0, 20) != std::string::npos &&
             words.find("hanging") != std::string::npos;
    });
  };
  ASSERT_TRUE(wait_until(child, arm_waits)) << err();
  ::kill(child.pid(), SIGINT);
  ::kill(child.pid(), SIGTERM);
  EXPECT_EQ(child.wait().code, 130) << err();
  EXPECT_EQ(run_directories(), 0u);
  EXPECT_THAT(processes(), IsEmpty());
}

}  // namespace
}  // namespace ipcbench
