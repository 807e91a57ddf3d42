#include <sched.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/cli.h"

// Checks doctor, topology and clean as scripts and people see them.

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

int allowed_cpu_count() {
  cpu_set_t set;
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

class HostCli : public Cli {
 protected:
  // Run directories are in the test's folder, too.
  Outcome shell(const std::string& line) const { return Cli::shell("export XDG_RUNTIME_DIR=$PWD\n" + line); }
  Outcome ipcbench(const std::string& arguments) const { return shell("\"$ipcbench\" " + arguments); }

  // Makes a dead run: a folder whose lock nobody holds.
  fs::path leave_dead_run() const {
    fs::path run = folder_ / "ipcbench" / "20261121-053345-9f3c01";
    fs::create_directories(run);
    std::ofstream(run / "lock");
    std::ofstream(run / "0-request");
    std::ofstream(run / "manifest") << "owner 1 1 1795239225\nfile 0-request\n";
    return run;
  }
};

TEST_F(HostCli, DoctorsArrayHasEveryCheckOnce) {
  const Outcome result = ipcbench("doctor --seconds 0 --json");
  ASSERT_EQ(result.code, 0) << result.err;
  std::set<std::string> ids;
  for (const nlohmann::json& check : nlohmann::json::parse(result.out)) {
    EXPECT_TRUE(ids.insert(check.at("id")).second) << check;
    EXPECT_THAT(check.at("severity").get<std::string>(), AnyOf("wrong", "noisy", "note", "fine")) << check;
    for (const char* key : {"value", "text", "source", "mend"}) EXPECT_TRUE(check.at(key).is_string()) << check;
  }
  for (const char* id : {"governor", "turbo", "clocksource", "cpu-quota", "cpuset", "memory-limit", "pipe-budget",
                         "rlimit-as", "rmem-default", "wmem-default", "mqueue-msg-default", "msgmax", "mqueue",
                         "dev-shm", "perf", "debug-build", "clock", "steal", "canary-states"})
    EXPECT_EQ(ids.count(id), 1U) << id;
}

TEST_F(HostCli, DoctorsTableSaysTheSameAsItsArray) {
  const std::string text = ipcbench("doctor --seconds 0").out;
  for (const nlohmann::json& check : nlohmann::json::parse(ipcbench("doctor --seconds 0 --json").out))
    EXPECT_THAT(text, HasSubstr(check.at("id").get<std::string>()));
}

TEST_F(HostCli, DoctorMeasuresAndKeepsProgressOffStdout) {
  const Outcome result = ipcbench("doctor --seconds 1 --json");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("doctor: measuring for 1 s"));
  for (const nlohmann::json& check : nlohmann::json::parse(result.out)) {
    const bool needs_a_pair = check.at("id") == "canary-states";
    if (check.at("id") == "clock" || (needs_a_pair && allowed_cpu_count() > 1)) {
      EXPECT_NE(check.at("value"), "unknown") << check;
    }
  }
}

TEST_F(HostCli, TopologyMeasuresEveryPairOfAFewCpus) {
  const Outcome result = ipcbench("topology --seconds 10 --json");
  ASSERT_EQ(result.code, 0) << result.err;
  const nlohmann::json document = nlohmann::json::parse(result.out);
  const std::size_t cpus = document.at("cpus").size();
  EXPECT_EQ(document.at("pairs").size(), cpus * (cpus - 1) / 2);
  for (const nlohmann::json& pair : document.at("pairs"))
    EXPECT_TRUE(pair.at("rtt_ns").is_number() || pair.contains("reason")) << pair;
  for (const nlohmann::json& members : document.at("classes")) EXPECT_GE(members.at("measured"), 1) << members;
}

TEST_F(HostCli, TopologyOfOneCpuHasNoPair) {
  const Outcome text = shell("taskset -c $(taskset -cp $$ | sed 's/.*: //; s/[-,].*//') \"$ipcbench\" topology");
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("there is no pair"));
}

TEST_F(HostCli, AnInterruptedDoctorPrintsWhatItHasAndExitsWith130) {
  if (allowed_cpu_count() < 2) GTEST_SKIP() << "one CPU allowed";
  // SIGTERM instead of SIGINT, since shells start background processes with SIGINT ignored; the program treats both
  // alike. Its handler is installed once it reports on stderr that it measures.
  const Outcome result = shell(R"(mkfifo said
"$ipcbench" doctor --seconds 3000 2>said &
IFS= read -r line <said
kill -TERM $!
wait $!)");
  EXPECT_EQ(result.code, 130) << result.err;
  EXPECT_THAT(result.out, HasSubstr("governor"));
}

TEST_F(HostCli, CleanListsWhatADryRunWouldRemoveAndThenRemovesIt) {
  const fs::path run = leave_dead_run();
  const Outcome would = ipcbench("clean --dry-run");
  EXPECT_EQ(would.code, 0) << would.err;
  EXPECT_EQ(would.out, "would remove " + (run / "0-request").string() + "\nwould remove " + run.string() + "\n");
  EXPECT_TRUE(fs::exists(run / "0-request"));

  const Outcome cleaned = ipcbench("clean --json");
  EXPECT_EQ(cleaned.code, 0) << cleaned.err;
  const nlohmann::json document = nlohmann::json::parse(cleaned.out);
  EXPECT_EQ(document.at("runs"), 1);
  EXPECT_EQ(document.at("failed"), 0);
  EXPECT_EQ(document.at("dry_run"), false);
  EXPECT_EQ(document.at("lines").size(), 2U);
  EXPECT_FALSE(fs::exists(run));
}

TEST_F(HostCli, CleanWithNothingToDoPrintsNoData) {
  const Outcome result = ipcbench("clean");
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, Not(IsEmpty()));
}

TEST_F(HostCli, WhatCantBeCleanedIsAFailure) {
  fs::create_directories(leave_dead_run().parent_path() / "20261121-053345-9f3c02" / "manifest");
  const Outcome result = ipcbench("clean");
  EXPECT_EQ(result.code, 70);
  EXPECT_THAT(result.out, HasSubstr("could not clean"));
  EXPECT_FALSE(fs::exists(folder_ / "ipcbench" / "20261121-053345-9f3c01"));
}

}  // namespace
}  // namespace ipcbench
