// Checks deaths, signals, neighbours and repeats: nothing hangs, nothing is mixed up, nothing is left.

#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/memory/mapping.h"
#include "harness/process/child.h"
#include "tests/conformance/worker_pair.h"
#include "tests/support/left_objects.h"
#include "tests/support/test_workers.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kEndless = std::uint64_t{1} << 50;

class LifeCycle : public Conformance {
 protected:
  std::size_t small() const { return std::min<std::size_t>(64, largest()); }
  std::vector<Scenario> scenarios() const {
    std::vector<Scenario> offered;
    for (const Scenario scenario : {Scenario::ping_pong, Scenario::streaming}) {
      if (offers(scenario)) offered.push_back(scenario);
    }
    return offered;
  }
};

// Transports that need a service.
class Brokered : public LifeCycle {};
IPCBENCH_CONFORMANCE(Brokered, [](const Subject& subject) { return !subject.can().needs_service.empty(); });

class Connected : public LifeCycle {};
IPCBENCH_CONFORMANCE(Connected, [](const Subject& subject) { return subject.can().sees_peer_close; });

TEST_P(Connected, TheDeathOfThePeerIsSeenInBand) {
  for (const Scenario scenario : scenarios()) {
    for (const Role victim : {Role::producer, Role::consumer}) {
      WorkerPair pair(subject(), loop_spec(subject(), scenario, small(), kEndless));
      ASSERT_TRUE(pair.start());
      ASSERT_TRUE(pair.under_way(Role::consumer));
      pair.worker(victim).kill();
      const std::optional<ExitStatus> end = pair.end_of(other(victim));
      ASSERT_TRUE(end.has_value()) << "the survivor hangs";
      EXPECT_EQ(pair.side(other(victim)).failure, Failure::peer_closed);
    }
  }
}

// Kills the first child of `parent` with this name.
int kill_child_of(pid_t parent, std::string_view name) {
  while (true) {
    for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
      const pid_t pid = std::atoi(entry.path().filename().c_str());
      if (pid == 0) continue;
      const std::string stat = read_line((entry.path() / "stat").string()).value_or("");  // "12 (name) S 7 …"
      const std::string id = fmt::format("{} ({}) ", pid, name);
      if (stat.starts_with(id) && std::atoi(stat.c_str() + id.size() + 2) == parent) return ::kill(pid, SIGKILL);
    }
  }
}

TEST_P(LifeCycle, AKilledWorkerEndsItsLaunch) {
  for (const Scenario scenario : scenarios()) {
    for (const Role victim : {Role::producer, Role::consumer}) {
      const pid_t coordinator = ::getpid();
      const std::string name = victim == Role::producer ? "producer" : "consumer";
      const std::string process = "ipcbench-" + name.substr(0, 4);
      Child killer = Child::spawn("ipcbench-test", [&] { return kill_child_of(coordinator, process); });
      const LaunchRecord record = run({.scenario = scenario, .size = small(), .ops = kEndless});
      EXPECT_EQ(record.status, Status::crashed) << record.reason;
      const std::string cause = name + " killed by SIGKILL";
      EXPECT_NE(record.reason.find(cause), std::string::npos) << record.reason;
      EXPECT_TRUE(killer.wait().clean());
    }
  }
}

TEST_P(Brokered, TheDeathOfTheBrokerIsSeenByBothSides) {
  for (const Scenario scenario : scenarios()) {
    WorkerPair pair(subject(), loop_spec(subject(), scenario, small(), kEndless));
    ASSERT_TRUE(pair.start());
    ASSERT_TRUE(pair.under_way(Role::consumer));
    ASSERT_GT(pair.session().broker(), 0);
    ASSERT_EQ(::kill(pair.session().broker(), SIGKILL), 0);
    for (const Role role : {Role::producer, Role::consumer}) {
      ASSERT_TRUE(pair.end_of(role).has_value()) << "hangs";
      EXPECT_EQ(pair.side(role).failure, Failure::peer_closed);
    }
  }
}

TEST_P(Brokered, AKilledBrokerEndsItsLaunchAndIsNamed) {
  for (const Scenario scenario : scenarios()) {
    const pid_t coordinator = ::getpid();
    Child killer = Child::spawn("ipcbench-test", [&] { return kill_child_of(coordinator, can().needs_service); });
    const LaunchRecord record = run({.scenario = scenario, .size = small(), .ops = kEndless});
    EXPECT_EQ(record.status, Status::crashed) << record.reason;
    const std::string cause = fmt::format("{} killed by SIGKILL", can().needs_service);
    EXPECT_NE(record.reason.find(cause), std::string::npos) << record.reason;
    EXPECT_TRUE(killer.wait().clean());
  }
}

std::uint32_t* signals_seen = nullptr;

// Counts signals. It is installed without SA_RESTART, so that blocking calls end with EINTR.
void count_signal(int) { std::atomic_ref(*signals_seen).fetch_add(1, std::memory_order_relaxed); }

void count_signals() {
  struct sigaction action {};
  action.sa_handler = count_signal;
  const itimerval every_ms{.it_interval = {.tv_sec = 0, .tv_usec = 1000}, .it_value = {.tv_sec = 0, .tv_usec = 1000}};
  if (::sigaction(SIGALRM, &action, nullptr) != 0) throw_errno("sigaction SIGALRM");
  if (::setitimer(ITIMER_REAL, &every_ms, nullptr) != 0) throw_errno("setitimer");
}

TEST_P(LifeCycle, AThousandSignalsASecondBreakNothing) {
  const Mapping count = Mapping::shared_anonymous(sizeof(std::uint32_t));
  signals_seen = reinterpret_cast<std::uint32_t*>(count.data());
  const bool floods = can().carries_payload && can().reliable;
  LoopSpec spec = floods ? loop_spec(subject(), Scenario::conformance, std::min<std::size_t>(64 * 1024, largest()),
                                     few(subject(), 200))
                         : loop_spec(subject(), Scenario::ping_pong, small(), few(subject(), 2000));
  if (floods) spec.warmup_ops = 256;  // a late receiver: the sender sleeps in the middle of a call
  WorkerPair pair(subject(), spec, {.joined = count_signals});
  ASSERT_TRUE(pair.start());
  for (const Role role : {Role::producer, Role::consumer}) {
    const std::optional<ExitStatus> end = pair.end_of(role);
    ASSERT_TRUE(end.has_value()) << "hangs after " << pair.side(role).progress << " messages";
    EXPECT_TRUE(end->clean()) << describe(*end) << ": failure " << static_cast<int>(pair.side(role).failure)
                              << " at message " << pair.side(role).failed_sequence;
  }
  if (floods) {
    EXPECT_GT(*signals_seen, 0u);
  }
}

TEST_P(LifeCycle, TwoSessionsDontMeet) {
  LoopSpec first = loop_spec(subject(), scenarios().front(), small(), few(subject(), 50));
  LoopSpec second = first;
  second.seed = first.seed + 1;
  WorkerPair one(subject(), first), two(subject(), second);
  ASSERT_TRUE(one.start());
  ASSERT_TRUE(two.start());
  for (WorkerPair* pair : {&one, &two}) {
    for (const Role role : {Role::producer, Role::consumer}) {
      const std::optional<ExitStatus> end = pair->end_of(role);
      ASSERT_TRUE(end.has_value());
      EXPECT_TRUE(end->clean()) << "failure " << static_cast<int>(pair->side(role).failure);
    }
  }
}

TEST_P(LifeCycle, ManyLaunchesLeakNothing) {
  // What leaks does so in each launch. A leak of the mechanism itself is looked for longer than one of an option.
  const bool is_usual = subject().option.empty() && subject().wait == subject().info().waits.front();
  const std::size_t launches = is_usual && test_workers() == Workers::fork ? 100 : 20;
  RunDir run_dir = RunDir::create();
  const std::vector<Scenario> offered = scenarios();
  std::size_t before = 0;
  for (std::size_t repeat = 0; repeat <= launches; ++repeat) {
    const LaunchRecord record =
        run({.scenario = offered[repeat % offered.size()], .size = small(), .ops = 1, .pinned = false}, run_dir);
    ASSERT_EQ(record.status, Status::ok) << record.reason;
    if (repeat == 0) before = open_descriptors();  // the first repeat may open what the program keeps
  }
  EXPECT_EQ(open_descriptors(), before);
  const LeftObjects left = objects_of(run_dir.path());
  EXPECT_TRUE(left.none()) << ::testing::PrintToString(left.files) << ::testing::PrintToString(left.kernel);
}

TEST_P(LifeCycle, AKilledCoordinatorLeavesNothing) {
  // Adopts the coordinator's children, so that their end is seen. Emulators don't support this.
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) GTEST_SKIP() << "PR_SET_CHILD_SUBREAPER: " << std::strerror(errno);
  Child coordinator = Child::spawn("ipcbench-test", [&] {
    WorkerPair pair(subject(), loop_spec(subject(), scenarios().front(), small(), kEndless));
    if (pair.start() && pair.under_way(Role::consumer)) ::kill(::getpid(), SIGKILL);
    return 1;
  });
  EXPECT_EQ(coordinator.wait().signal, SIGKILL);
  const int processes = can().needs_service.empty() ? 2 : 3;
  for (int ended = 0; ended < processes; ++ended) {
    int status = 0;
    ASSERT_GT(::waitpid(-1, &status, 0), 0);
    EXPECT_TRUE(WIFSIGNALED(status) || status != 0) << "a worker went on";
  }
  const std::vector<fs::path> found = run_directories(runs());
  ASSERT_EQ(found.size(), 1u);
  const std::string manifest_id = found.front().filename();
  EXPECT_EQ(RunDir::clean_dead_runs().runs, 1);
  EXPECT_TRUE(run_directories(runs()).empty());
  for (const char* folder : {"/dev/shm", "/dev/mqueue", "/var/tmp"}) {
    if (!fs::exists(folder)) continue;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      EXPECT_EQ(entry.path().string().find(manifest_id), std::string::npos) << entry.path();
    }
  }
}

IPCBENCH_CONFORMANCE(LifeCycle, [](const Subject&) { return true; });

}  // namespace
}  // namespace ipcbench
