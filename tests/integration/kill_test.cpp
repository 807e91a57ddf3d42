// Kills processes by SIGKILL at random moments: the next run leaves nothing behind, and no completed launch is lost.
// IPCBENCH_KILLS multiplies the number of kills (default 1: a short test).

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/conformance/left_objects.h"
#include "harness/files/output_file.h"
#include "harness/process/child.h"
#include "harness/sdk/registry.h"
#include "harness/suite/workers.h"
#include "program_run.h"
#include "results/files/journal.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kHead = R"(schema = "ipcbench-suite"
version = 1
name = "kill"
summary = "short launches"
launches = 9
block = "5ms"
budget = "20s"
)";

constexpr const char* kAllThatLeavesNames = R"(
[[cases]]
scenarios = ["ping-pong", "setup"]
transports = ["pipe", "fifo", "file", "file-lock", "unix-stream", "unix-dgram", "posix-shm", "posix-mq", "mmap-file",
              "sysv-shm", "sysv-mq", "sysv-sem", "dbus"]
waits = ["table"]
sizes = ["64"]
placements = ["same-cpu"]

[[cases]]
scenarios = ["ping-pong"]
transports = ["posix-sem"]
waits = ["table"]
placements = ["same-cpu"]
options = ["name=named"]
)";

// 64 seats on one CPU or two, over what leaves names.
constexpr const char* kCasts = R"(
[[cases]]
scenarios = ["many-to-many"]
transports = ["fifo", "posix-mq", "sysv-mq", "unix-dgram", "posix-shm", "sysv-shm"]
waits = ["block"]
sizes = ["64"]
placements = ["same-cpu"]
options = ["producers=32", "consumers=32"]

[[cases]]
scenarios = ["channels"]
transports = ["fifo", "posix-mq", "unix-stream", "posix-shm", "sysv-shm"]
waits = ["block"]
sizes = ["64"]
placements = ["same-cpu"]
options = ["channels=100"]

[[cases]]
scenarios = ["contended"]
transports = ["mutex", "file-lock", "sysv-sem"]
waits = ["block"]
placements = ["same-cpu"]
options = ["producers=32"]
)";

// A plug-in, whose objects a host has, and a worker in another language.
constexpr const char* kForeign = R"(
[[cases]]
scenarios = ["ping-pong", "streaming"]
transports = ["c-seqpacket", "python-pipe"]
waits = ["table"]
sizes = ["64"]
placements = ["same-cpu"]
)";

constexpr const char* kHybrid = R"(
[[cases]]
scenarios = ["ping-pong"]
transports = ["posix-shm", "futex"]
waits = ["hybrid"]
sizes = ["64"]
placements = ["nearest", "same-cpu"]
)";

int factor() {
  const char* text = std::getenv("IPCBENCH_KILLS");
  return text == nullptr ? 1 : std::max(1, std::atoi(text));
}

class KillTest : public ProgramRun, public testing::WithParamInterface<Workers> {
 protected:
  KillTest() {
    write_file_atomically(path("names.toml"), std::string(kHead) + kAllThatLeavesNames);
    write_file_atomically(path("casts.toml"), std::string(kHead) + kCasts);
    write_file_atomically(path("foreign.toml"), std::string(kHead) + kForeign);
  }

  Child start_suite(const std::string& suite, const std::string& output, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {path(suite), "-o", output, "--workers", std::string(to_string(GetParam()))});
    return start(more);
  }

  // Returns whether the child has ended before the time is up.
  static bool ended_within(const Child& child, int milliseconds) {
    pollfd fd{.fd = child.pidfd(), .events = POLLIN, .revents = 0};
    return ::poll(&fd, 1, milliseconds) > 0;
  }

  std::vector<std::string> foreign_arguments() const {
    return {"--plugin", own_copy(IPCBENCH_BINARY_DIR "/plugins/seqpacket.so"), "--worker",
            "python3 " + own_copy(IPCBENCH_SOURCE_DIR "/examples/workers/worker.py")};
  }

  struct Victim {
    std::string name;   // of its process
    std::string words;  // by which its death is reported
    std::string filter = ".";
    std::string suite = "names.toml";
    bool in_launches = false;  // it is killed in launches alone: who dies while it says what it is, is refused
    int latest_ms = 400;       // between two kills
  };
  // Kills such a process; returns whether there was one.
  bool kill_one(const Victim& victim) const {
    std::optional<pid_t> found;
    bool has_workers = false;
    for (const pid_t pid : processes()) {
      const auto its_name = read_line("/proc/" + std::to_string(pid) + "/comm");
      if (its_name == victim.name) found = pid;
      has_workers = has_workers || its_name == "ipcbench-prod";
    }
    return found && (has_workers || !victim.in_launches) && ::kill(*found, SIGKILL) == 0;
  }

  // Kills such processes at random moments, until so many launches were reported.
  void kill_until_reported(const Victim& victim, std::vector<std::string> arguments = {});
  // Kills coordinators at random moments.
  void kill_coordinators(const std::string& suite, const std::vector<std::string>& arguments = {});

  void expect_nothing_left() {
    std::vector<std::pair<Manifest, fs::path>> killed;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "ipcbench")) {
      if (entry.is_directory()) killed.emplace_back(manifest_of(entry.path()), entry.path());
    }
    Child next = start_suite("names.toml", path("after.json"), {"--filter", "ping-pong/pipe"});
    EXPECT_EQ(next.wait().code, 0);
    for (const auto& [manifest, run] : killed) {
      const LeftObjects left = objects_of(manifest, run);
      EXPECT_THAT(left.files, IsEmpty()) << run;
      EXPECT_THAT(left.kernel, IsEmpty()) << run;
    }
    EXPECT_EQ(run_directories(), 0u);
    EXPECT_TRUE(processes().empty());
  }

  std::mt19937 random_{20240229};
};
std::string kind_name(const testing::TestParamInfo<Workers>& param) { return std::string(to_string(param.param)); }
INSTANTIATE_TEST_SUITE_P(Workers, KillTest, testing::ValuesIn(kAllWorkers), kind_name);

TEST_P(KillTest, KilledCoordinatorLosesNoCompletedLaunchAndLeavesNothing) {
  const int kills = 4 * factor();
  std::size_t launches = 0;
  for (int i = 0; i < kills || launches == 0; ++i) {
    ASSERT_LT(i, 10 + kills) << "no killed run has kept a launch";
    const std::string output = path("run" + std::to_string(i) + ".json");
    Child run = start_suite("names.toml", output);
    // Where a launch takes long, as with sanitizers, later kills meet one.
    const int latest_ms = launches == 0 ? 5000 * (i + 1) : 5000;
    if (ended_within(run, static_cast<int>(random_() % latest_ms))) {
      EXPECT_EQ(run.wait().code, 0);
      continue;
    }
    run.kill();
    EXPECT_EQ(run.wait().signal, SIGKILL);

    const std::string journal = output + ".journal.jsonl";
    if (!fs::exists(journal)) continue;  // killed before the first launch
    const std::string text = read_file(journal);
    const auto complete_lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (complete_lines == 0) continue;
    const JournalContent content = journal_from_text(text, journal);
    std::size_t kept = 0;
    for (const CaseRecord& c : content.result.cases) kept += c.launches.size() + (c.counted ? 1 : 0);
    EXPECT_EQ(kept, content.launches) << journal;
    for (const CaseRecord& c : content.result.cases) kept += c.channel ? 1 : 0;
    // Headers: one at the start, one after the pilot.
    EXPECT_GE(kept + 2, complete_lines) << journal;
    launches += kept;
  }
  RecordProperty("launches_kept", static_cast<int>(launches));
  expect_nothing_left();
}

// A kill may hit a process that has just finished, a pilot, or a measurement of memory; none of these is a launch.
void KillTest::kill_until_reported(const Victim& victim, std::vector<std::string> arguments) {
  const std::string& words = victim.words;
  arguments.insert(arguments.end(), {"--filter", victim.filter});
  const int wanted = 4 * factor();
  int reported = 0;
  for (int runs = 0; reported < wanted; ++runs) {
    ASSERT_LT(runs, 10 + wanted) << "kills are not reported as \"" << words << '"';
    const std::string output = path("killed" + std::to_string(runs) + ".json");
    Child run = start_suite(victim.suite, output, arguments);
    int killed = 0;
    // Kills come all through the run, so that they meet launches and not its first pilots alone.
    while (!ended_within(run, static_cast<int>(random_() % static_cast<unsigned>(victim.latest_ms)))) {
      if (kill_one(victim)) ++killed;
    }
    const int code = run.wait().code;
    const Result result = load_result(output);
    int crashed = 0;
    bool is_broken = false;
    std::string cases;
    for (const CaseRecord& c : result.cases) {
      is_broken = is_broken || c.status == Status::crashed;  // its pilot was killed
      cases += c.id + ": " + c.reason + "\n";
      for (const LaunchRecord& launch : c.launches) {
        if (launch.status == Status::ok) continue;
        // A worker of a user's own may be hit when its part is done, which makes the launch invalid.
        const bool was_done = launch.status == Status::invalid && launch.phase == Phase::done;
        EXPECT_TRUE(launch.status == Status::crashed || was_done) << c.id << ": " << launch.reason;
        EXPECT_THAT(launch.reason, HasSubstr(words)) << c.id;
        ++crashed;
      }
    }
    EXPECT_LE(crashed, killed) << "none comes from nowhere";
    EXPECT_EQ(code == 4 || code == 77, (crashed > 0 || is_broken) && code != 0) << code << "\n" << cases;
    reported += crashed;
  }
  RecordProperty("kills_reported", reported);
  expect_nothing_left();
}

TEST_P(KillTest, KilledProducersAreReportedAndLeaveNothing) {
  kill_until_reported({"ipcbench-prod", "producer killed by SIGKILL"});
}

TEST_P(KillTest, KilledConsumersAreReportedAndLeaveNothing) {
  kill_until_reported({"ipcbench-cons", "consumer killed by SIGKILL"});
}

// A kill may come when the process has done its part.
TEST_P(KillTest, KilledFloorsAreLeftOutWithANote) {
  const Victim floor{.name = "futex floor", .words = ""};
  for (int runs = 0; runs < 50; ++runs) {
    const std::string output = path("floor" + std::to_string(runs) + ".json");
    Child run = start_suite("names.toml", output, {"--filter", "ping-pong/pipe", "--passes", "3"});
    while (!ended_within(run, 0) && !kill_one(floor)) {
    }
    ASSERT_EQ(run.wait().code, 0) << err();
    const Result result = load_result(output);
    expect_whole(result);
    const std::string left_out = "same-cpu: floors were left out once: futex floor: the ";
    for (const std::string& note : result.notes) {
      if (note.starts_with(left_out) && note.ends_with("er killed by SIGKILL")) return expect_nothing_left();
    }
  }
  FAIL() << "no floor's process was met";
}

// A kill may meet any process of any command: what a launch or a floor is made by, a canary, a check, an experiment.
TEST_P(KillTest, KilledProcessesAreNoInternalError) {
  write_file_atomically(path("hybrid.toml"), std::string(kHead) + kHybrid);
  const std::string workers(to_string(GetParam()));
  const std::vector<std::vector<std::string>> commands{
      {"run", path("hybrid.toml"), "-o", path("hybrid.json"), "--passes", "2", "--workers", workers},
      {"run", path("names.toml"), "-o", path("names.json"), "--passes", "1", "--workers", workers},
      {"doctor", "--seconds", "1"},
      {"topology", "--seconds", "1"},
      {"list", "facts"},
      {"conform", "--transport", "fifo", "--check", "round-trips,peer-death,two-sessions"},
      {"find-rate", "p99<1s", "--transport", "pipe", "--size", "64", "--placement", "same-cpu", "--passes", "1", "-o",
       path("rate.json")}};
  for (int i = 0; i < 2 * factor(); ++i) {
    for (std::vector<std::string> words : commands) {
      words.insert(words.begin(), IPCBENCH_PROGRAM);
      Child command = start_words(words);
      std::string killed;
      while (!ended_within(command, static_cast<int>(random_() % 200))) {
        std::vector<pid_t> others = processes();
        std::erase(others, command.pid());
        if (others.empty()) continue;
        const pid_t victim = others[random_() % others.size()];
        const auto name = read_line("/proc/" + std::to_string(victim) + "/comm");
        if (::kill(victim, SIGKILL) == 0) killed += name.value_or("?") + ' ';
      }
      const ExitStatus ended = command.wait();
      EXPECT_EQ(ended.signal, 0) << words[1] << " after " << killed;
      EXPECT_NE(ended.code, 70) << words[1] << " after " << killed << '\n' << err();
    }
  }
  expect_nothing_left();
}

// Of the seats that a launch loses, the record names one that was killed.
TEST_P(KillTest, KilledSeatsOfACastAreNamedAndLeaveNothing) {
  const int wanted = 2 * factor();
  int reported = 0;
  for (int runs = 0; reported < wanted; ++runs) {
    ASSERT_LT(runs, 10 + wanted) << "kills are not reported";
    const std::string output = path("cast" + std::to_string(runs) + ".json");
    Child run = start_suite("casts.toml", output, {"--passes", "1"});
    std::vector<std::string> killed;
    while (!ended_within(run, static_cast<int>(random_() % 400))) {
      std::vector<pid_t> seats;
      for (const pid_t pid : processes()) {
        const auto name = read_line("/proc/" + std::to_string(pid) + "/comm");
        if (name == "ipcbench-prod" || name == "ipcbench-cons") seats.push_back(pid);
      }
      if (seats.empty()) continue;
      const pid_t victim = seats[random_() % seats.size()];
      if (::kill(victim, SIGKILL) == 0) killed.push_back(std::to_string(victim));
    }
    run.wait();
    const Result result = load_result(output);
    for (const CaseRecord& c : result.cases) {
      for (const LaunchRecord& launch : c.launches) {
        if (launch.status == Status::ok) continue;
        // A worker of a user's own may be hit when its part is done, which makes the launch invalid.
        const bool was_done = launch.status == Status::invalid && launch.phase == Phase::done;
        EXPECT_TRUE(launch.status == Status::crashed || was_done) << c.id << ": " << launch.reason;
        EXPECT_THAT(launch.reason, testing::ContainsRegex("(producer|consumer) [0-9]+ killed by SIGKILL")) << c.id;
        ++reported;
      }
    }
  }
  expect_nothing_left();
}

void KillTest::kill_coordinators(const std::string& suite, const std::vector<std::string>& arguments) {
  for (int i = 0; i < 2 * factor(); ++i) {
    Child run = start_suite(suite, path("run" + std::to_string(i) + ".json"), arguments);
    if (ended_within(run, static_cast<int>(random_() % 3000))) continue;
    run.kill();
    EXPECT_EQ(run.wait().signal, SIGKILL);
  }
  expect_nothing_left();
}

TEST_P(KillTest, KilledCoordinatorsOfCastsLeaveNothing) { kill_coordinators("casts.toml"); }

TEST_P(KillTest, KilledBrokersAreReportedAndLeaveNothing) {
  if (find_transport("dbus") == nullptr || find_transport("dbus")->probe().index() != 0)
    GTEST_SKIP() << "no broker here";
  kill_until_reported({"dbus-daemon", "dbus-daemon killed by SIGKILL", "/dbus"});
}

TEST_P(KillTest, KilledWorkersOfPluginsAreReportedAndLeaveNothing) {
  kill_until_reported({"ipcbench-cons", "consumer killed by SIGKILL", "/c-seqpacket", "foreign.toml"},
                      foreign_arguments());
}

TEST_P(KillTest, KilledHostsOfPluginsAreReportedAndLeaveNothing) {
  kill_until_reported({"ipcbench-host", "killed by SIGKILL", "/c-seqpacket", "foreign.toml", true},
                      foreign_arguments());
}

// A foreign worker is a program of its own in either kind.
class ForeignKillTest : public KillTest {};
INSTANTIATE_TEST_SUITE_P(Workers, ForeignKillTest, testing::Values(Workers::fork), kind_name);

TEST_P(ForeignKillTest, KilledForeignWorkersAreReportedAndLeaveNothing) {
  kill_until_reported({"python3", "worker.py' killed by SIGKILL", "/python-pipe", "foreign.toml", true, 2000},
                      foreign_arguments());
}

TEST_P(KillTest, KilledCoordinatorsOfForeignRowsLeaveNothing) {
  kill_coordinators("foreign.toml", foreign_arguments());
}

}  // namespace
}  // namespace ipcbench
