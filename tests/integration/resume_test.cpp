// Checks runs that are stopped or killed and then finished by --resume.

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "harness/base/io.h"
#include "harness/files/compression.h"
#include "harness/files/output_file.h"
#include "program_run.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Arguments = std::vector<std::string>;

class Resume : public ProgramRun {
 protected:
  // Starts a run and stops it by `signal` after some of its 36 launches.
  void interrupt(int signal, std::size_t launches) {
    Child child = start(small_suite({"--seed", "7"}));
    ASSERT_TRUE(wait_until(child, [&] { return launches_in_journal() >= launches; })) << err();
    ::kill(child.pid(), signal);
    const ExitStatus status = child.wait();
    if (signal == SIGKILL) {
      EXPECT_EQ(status.signal, SIGKILL);
    } else {
      EXPECT_EQ(status.code, 130) << err();
    }
  }
  void replace_in_journal(const std::string& from, const std::string& to) const {
    std::string text = read_file(journal());
    ASSERT_NE(text.find(from), std::string::npos) << from;
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
    write_file_atomically(journal(), text);
  }
  void expect_refused(int code, const std::string& why) {
    const std::string before = read_file(journal());
    EXPECT_EQ(run({"--resume", journal()}), code) << err();
    EXPECT_THAT(err(), HasSubstr(why));
    EXPECT_THAT(out(), IsEmpty());
    EXPECT_EQ(read_file(journal()), before);
    EXPECT_FALSE(fs::exists(output()));
  }
};

TEST_F(Resume, AKilledRunEndsAsOneWholeResult) {
  interrupt(SIGKILL, 8);
  // Truncates the journal within a line, the worst case.
  fs::resize_file(journal(), fs::file_size(journal()) - 3);
  const Result kept = load_result(journal());

  ASSERT_EQ(run({"--resume", journal()}), 0) << err();
  const Result result = load_result(output());
  expect_whole(result);
  EXPECT_EQ(result.run_id, kept.run_id);
  EXPECT_EQ(result.seed, 7u);
  EXPECT_EQ(result.resumed.size(), 1u);
  EXPECT_EQ(result.hybrid_spin_ns, kept.hybrid_spin_ns);
  for (std::size_t i = 0; i < kept.cases.size(); ++i) {
    EXPECT_EQ(result.cases[i].ops, kept.cases[i].ops);
    for (std::size_t n = 0; n < kept.cases[i].launches.size(); ++n) {
      EXPECT_EQ(result.cases[i].launches[n].started, kept.cases[i].launches[n].started);
    }
  }
  EXPECT_FALSE(fs::exists(journal()));
  EXPECT_EQ(run_directories(), 0u);
  EXPECT_THAT(processes(), IsEmpty());
}

TEST_F(Resume, ACompressedResultHasAPlainJournalUntilItIsWhole) {
  const std::string result = path("run.json.zst"), lines = result + ".journal.jsonl";
  Child child = start({path("small.toml"), "-o", result, "--seed", "7"});
  ASSERT_TRUE(wait_until(child, [&] { return fs::exists(lines) && std::ranges::count(read_file(lines), '\n') > 6; }))
      << err();
  child.kill();
  EXPECT_EQ(child.wait().signal, SIGKILL);

  ASSERT_EQ(run({"--resume", result}), 0) << err();
  expect_whole(load_result(result));
  EXPECT_TRUE(is_compressed(read_file(result)));
  EXPECT_FALSE(fs::exists(lines));
  EXPECT_EQ(run({"--resume", result}), 2) << "it is whole";
}

TEST_F(Resume, CasesKeepTheOptionsOfTheirScenario) {
  Child child =
      start(small_suite({"--scenario", "ping-pong", "--transport", "pipe", "--option", "reply=same,reply=4KiB"}));
  ASSERT_TRUE(wait_until(child, [&] { return launches_in_journal() >= 3; })) << err();
  child.kill();
  EXPECT_EQ(child.wait().signal, SIGKILL);
  ASSERT_EQ(run({"--resume", output()}), 0) << err();
  const Result result = load_result(output());
  expect_whole(result);
  std::size_t with_reply = 0;
  for (const CaseRecord& c : result.cases) {
    if (!c.id.ends_with("/reply=4096")) continue;
    ++with_reply;
    EXPECT_EQ(c.options, (std::vector<std::pair<std::string, std::string>>{{"reply", "4096"}}));
    EXPECT_EQ(c.status, Status::ok) << c.reason;
  }
  EXPECT_GT(with_reply, 0u);
  EXPECT_LT(with_reply, result.cases.size());
}

TEST_F(Resume, EveryTakingUpIsRecordedAndTheOrderOfThePassesStays) {
  interrupt(SIGKILL, 3);
  Child again = start({"--resume", output()});
  ASSERT_TRUE(wait_until(again, [&] { return launches_in_journal() >= 10; })) << err();
  again.kill();
  EXPECT_EQ(again.wait().signal, SIGKILL);
  ASSERT_EQ(run({"--resume", output()}), 0) << err();
  const Result result = load_result(output());
  expect_whole(result);
  EXPECT_EQ(result.resumed.size(), 2u);

  ASSERT_EQ(run({path("small.toml"), "-o", path("whole.json"), "--seed", "7"}), 0) << err();
  const Result whole = load_result(path("whole.json"));
  ASSERT_EQ(result.cases.size(), whole.cases.size());
  for (std::size_t i = 0; i < whole.cases.size(); ++i) {
    ASSERT_EQ(result.cases[i].launches.size(), whole.cases[i].launches.size());
    for (std::size_t n = 0; n < whole.cases[i].launches.size(); ++n) {
      EXPECT_EQ(result.cases[i].launches[n].order, whole.cases[i].launches[n].order);
      EXPECT_EQ(result.cases[i].launches[n].seed, whole.cases[i].launches[n].seed);
    }
  }
}

TEST_F(Resume, TheFirstSignalSavesAndSaysHowToFinish) {
  for (const int signal : {SIGINT, SIGTERM}) {
    fs::remove(output());
    fs::remove(journal());
    interrupt(signal, 5);
    EXPECT_THAT(out(), Not(IsEmpty()));
    EXPECT_THAT(err(), HasSubstr(std::string("to finish it: ") + IPCBENCH_PROGRAM + " run --resume " + output()));
    EXPECT_FALSE(load_result(output()).complete);
    EXPECT_TRUE(fs::exists(journal()));
    EXPECT_EQ(run_directories(), 0u);
  }
  ASSERT_EQ(run({"--resume", output()}), 0) << err();
  expect_whole(load_result(output()));
  EXPECT_FALSE(fs::exists(journal()));
}

TEST_F(Resume, TheHintIsQuotedForAShell) {
  Child child = start({path("small.toml"), "-o", path("it's mine.json")});
  ASSERT_TRUE(wait_until(child, [&] { return fs::exists(path("it's mine.json.journal.jsonl")); }));
  ::kill(child.pid(), SIGINT);
  EXPECT_EQ(child.wait().code, 130) << err();
  EXPECT_THAT(err(), HasSubstr("--resume '" + path("it'\\''s mine.json") + "'"));
}

TEST_F(Resume, ASignalToTheWholeGroupSparesTheLaunchInHand) {
  Child child = start(small_suite());
  ASSERT_TRUE(wait_until(child, [&] { return launches_in_journal() >= 4; })) << err();
  for (const pid_t process : processes()) ::kill(process, SIGTERM);
  EXPECT_EQ(child.wait().code, 130) << err();
  for (const CaseRecord& c : load_result(output()).cases) {
    for (const LaunchRecord& launch : c.launches) EXPECT_EQ(launch.status, Status::ok) << launch.reason;
  }
}

TEST_F(Resume, ASecondSignalEndsTheRunAtOnce) {
  // A launch that would take a minute: a program that waited for its end would save a result.
  write_file_atomically(path("long.toml"), R"(schema = "ipcbench-suite"
version = 1
name = "long"
block = "60s"
budget = "2h"
[[cases]]
scenarios = ["ping-pong"]
transports = ["pipe"]
waits = ["table"]
sizes = ["64"]
placements = ["same-cpu"]
)");
  Child child = start({path("long.toml"), "-o", output(), "--progress", "json"});
  const auto has_piloted = [&] { return err().find(R"("event": "launch", "stage": "pilot")") != std::string::npos; };
  ASSERT_TRUE(wait_until(child, has_piloted)) << err();
  ASSERT_TRUE(wait_until(child, [&] { return processes().size() >= 3; })) << err();
  ::kill(child.pid(), SIGINT);
  ::kill(child.pid(), SIGTERM);  // a different number: two equal signals may merge
  EXPECT_EQ(child.wait().code, 130) << err();
  EXPECT_THAT(processes(), IsEmpty());
  EXPECT_EQ(run_directories(), 0u);
  EXPECT_THAT(out(), IsEmpty());
  EXPECT_FALSE(fs::exists(output()));
  EXPECT_THAT(err(), HasSubstr("--resume " + output()));
  EXPECT_TRUE(load_result(journal()).cases[0].pilot_op_ns.has_value());
}

TEST_F(Resume, AResultWithoutItsJournalIsEnough) {
  interrupt(SIGINT, 6);
  fs::remove(journal());
  const std::size_t kept = load_result(output()).cases[0].launches.size();
  ASSERT_EQ(run({"--resume", output()}), 0) << err();
  const Result result = load_result(output());
  expect_whole(result);
  EXPECT_GE(result.cases[0].launches.size(), kept);
}

TEST_F(Resume, AResultWhoseSummaryDoesNotFollowFromItsLaunchesIsRefused) {
  interrupt(SIGINT, 6);
  fs::remove(journal());
  nlohmann::json result = nlohmann::json::parse(read_file(output()));
  nlohmann::json* median = nullptr;
  for (nlohmann::json& c : result.at("cases")) {
    for (const auto& [group, name] : {std::pair("rtt_ns", "mean"), {"throughput", "messages_per_s"}}) {
      nlohmann::json& value = c.at("summary").at(group).at(name).at("median");
      if (value.is_number()) median = &value;
    }
  }
  ASSERT_NE(median, nullptr);
  *median = 2 * median->get<double>();
  const std::string changed = result.dump();
  write_file_atomically(output(), changed);
  EXPECT_EQ(run({"--resume", output()}), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("but its launches give"), HasSubstr("the file was changed")));
  EXPECT_EQ(read_file(output()), changed);
}

TEST_F(Resume, AnotherBuildOrMachineIsNotComparable) {
  interrupt(SIGKILL, 2);
  const std::string good = read_file(journal());
  const Result stored = load_result(journal());
  for (const auto& [key, value, name] : {std::tuple{"\"version\": \"", stored.build.version, "version"},
                                         std::tuple{"\"git\": \"", stored.build.git, "git revision"},
                                         std::tuple{"\"compiler\": \"", stored.build.compiler, "compiler"},
                                         std::tuple{"\"flags\": \"", stored.build.flags, "flags"}}) {
    replace_in_journal(key + value, key + ("other " + value));
    expect_refused(5, std::string("another build: ") + name + " other " + value);
    write_file_atomically(journal(), good);
  }
  replace_in_journal("\"class\": \"", "\"class\": \"Z80; ");
  expect_refused(5, "another machine class: \"Z80; ");
}

TEST_F(Resume, WhatCanNotBeFinishedIsAUsageError) {
  EXPECT_EQ(run({"--resume", path("absent.json")}), 2);
  EXPECT_THAT(err(), HasSubstr("absent.json"));
  EXPECT_EQ(run({"--resume", path("small.toml")}), 2);
  EXPECT_THAT(err(), HasSubstr("small.toml"));
  EXPECT_EQ(run({"--resume", ""}), 2);
  EXPECT_EQ(run({"--resume", output(), "--seed", "1", "--size", "64", "quick"}), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("--seed"), HasSubstr("--size"), HasSubstr("SUITE"), Not(HasSubstr("--wait"))));

  interrupt(SIGKILL, 2);
  replace_in_journal("\"block_ns\"", "\"once_ns\"");
  expect_refused(2, "block_ns");
  replace_in_journal("\"once_ns\"", "\"block_ns\"");
  fs::copy_file(journal(), path("renamed"));
  EXPECT_EQ(run({"--resume", path("renamed")}), 2);
  EXPECT_THAT(err(), HasSubstr("rename"));

  const std::string stored = read_file(journal());
  ASSERT_EQ(run({"--resume", journal()}), 0) << err();
  EXPECT_EQ(run({"--resume", output()}), 2);
  EXPECT_THAT(err(), HasSubstr("is complete"));
  // Simulates a kill after the result was written and before the journal was removed.
  write_file_atomically(journal(), stored);
  EXPECT_EQ(run({"--resume", journal()}), 2);
  EXPECT_THAT(err(), HasSubstr("is complete"));
}

TEST_F(Resume, ANewRunDoesNotDestroyWhatAnotherHasMeasured) {
  interrupt(SIGKILL, 4);
  const std::string before = read_file(journal());
  EXPECT_EQ(run(small_suite()), 2);
  EXPECT_THAT(err(),
              AllOf(HasSubstr(journal() + " holds "), HasSubstr("--resume " + output()), HasSubstr("remove it")));
  EXPECT_EQ(read_file(journal()), before);
  EXPECT_FALSE(fs::exists(output()));
  EXPECT_EQ(run_directories(), 0u);

  // A header alone is nothing to lose.
  fs::resize_file(journal(), before.find('\n') + 1);
  ASSERT_EQ(run(small_suite({"--passes", "1"})), 0) << err();
  expect_whole(load_result(output()));
}

TEST_F(Resume, ARunThatIsStillGoingOnIsNotTakenOver) {
  Child child = start(small_suite());
  ASSERT_TRUE(wait_until(child, [&] { return launches_in_journal() >= 2; })) << err();
  for (const Arguments& arguments : {Arguments{"--resume", journal()}, small_suite()}) {
    EXPECT_EQ(run(arguments), 2);
    EXPECT_THAT(err(), HasSubstr("another process measures into it"));
  }
  EXPECT_EQ(child.wait().code, 0);
  expect_whole(load_result(output()));
}

}  // namespace
}  // namespace ipcbench
