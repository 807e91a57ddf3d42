// Checks deaths, signals, neighbours and repeats: nothing hangs, nothing is mixed up, nothing is left.

#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>

#include <fmt/ranges.h>

#include "harness/base/error.h"
#include "harness/base/fixed_text.h"
#include "harness/base/io.h"
#include "harness/conformance/checks.h"
#include "harness/conformance/left_objects.h"
#include "harness/conformance/worker_pair.h"
#include "harness/launch/side_failure.h"
#include "harness/memory/mapping.h"
#include "harness/process/own_resources.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kEndless = std::uint64_t{1} << 50;
constexpr std::array kBothRoles = {Role::producer, Role::consumer};

bool sees_peer_close(const Subject& subject) { return subject.can().sees_peer_close; }
bool has_service(const Subject& subject) { return !subject.can().needs_service.empty(); }

void check_peer_death(const Trial& trial) {
  for (const Scenario scenario : trial.scenarios()) {
    for (const Role victim : kBothRoles) {
      WorkerPair pair(trial, loop_spec(trial.subject(), scenario, trial.small(), kEndless));
      pair.start();
      pair.wait_until_under_way(Role::consumer);
      pair.worker(victim).kill();
      pair.wait_for_end(other(victim));
      require(pair.side(other(victim)).failure == Failure::peer_closed, "the {} was killed, and its peer ended by: {}",
              victim == Role::producer ? "producer" : "consumer",
              describe_failure(pair.side(other(victim)), trial.small()));
    }
  }
}

// Kills the first child of `parent` with this name. Whoever spawns this ends it: with the launch it kills, or at the
// deadline of that.
int kill_child_of(pid_t parent, std::string_view name) {
  while (true) {
    for (const pid_t child : children_of(parent)) {
      if (read_line(fmt::format("/proc/{}/comm", child)) == name) return ::kill(child, SIGKILL);
    }
  }
}

// Kills a child of this name during an endless launch, which must end and name `cause`.
void expect_named(const Trial& trial, Scenario scenario, std::string_view child, const std::string& cause) {
  const pid_t coordinator = ::getpid();
  Child killer = Child::spawn("ipcbench-check", [&] { return kill_child_of(coordinator, child); });
  const LaunchRecord record = trial.run({.scenario = scenario, .size = trial.small(), .ops = kEndless});
  require(record.status == Status::crashed && record.reason.find(cause) != std::string::npos,
          "{} is not the reason why the launch ended: {}", cause, record.reason);
  require(killer.wait().clean(), "{} could not be killed", child);
}

void check_killed_worker(const Trial& trial) {
  for (const Scenario scenario : trial.scenarios()) {
    expect_named(trial, scenario, "ipcbench-prod", "producer killed by SIGKILL");
    expect_named(trial, scenario, "ipcbench-cons", "consumer killed by SIGKILL");
  }
}

void check_broker_death(const Trial& trial) {
  for (const Scenario scenario : trial.scenarios()) {
    WorkerPair pair(trial, loop_spec(trial.subject(), scenario, trial.small(), kEndless));
    pair.start();
    pair.wait_until_under_way(Role::consumer);
    require(pair.session().broker() > 0 && ::kill(pair.session().broker(), SIGKILL) == 0, "there is no broker");
    for (const Role role : kBothRoles) {
      pair.wait_for_end(role);
      require(pair.side(role).failure == Failure::peer_closed, "a side ended by: {}",
              describe_failure(pair.side(role), trial.small()));
    }
  }
}

void check_killed_broker(const Trial& trial) {
  const std::string_view service = trial.can().needs_service;
  for (const Scenario scenario : trial.scenarios())
    expect_named(trial, scenario, service, fmt::format("{} killed by SIGKILL", service));
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

void check_signals(const Trial& trial) {
  const Subject& subject = trial.subject();
  const Mapping count = Mapping::shared_anonymous(sizeof(std::uint32_t));
  signals_seen = reinterpret_cast<std::uint32_t*>(count.data());
  const bool floods = trial.can().carries_payload && trial.can().reliable;
  if (floods) trial.need_loop();
  LoopSpec spec = floods ? loop_spec(subject, Scenario::conformance, std::min<std::size_t>(64 * 1024, trial.largest()),
                                     few(subject, 200))
                         : loop_spec(subject, Scenario::ping_pong, trial.small(), few(subject, 2000));
  if (floods) spec.warmup_ops = 256;  // a late receiver: the sender sleeps in the middle of a call
  WorkerPair pair(trial, spec, {.joined = count_signals});
  pair.start();
  pair.finish();
  require(!floods || *signals_seen > 0, "no signal came");
}

void check_two_sessions(const Trial& trial) {
  const LoopSpec first = loop_spec(trial.subject(), trial.scenarios().front(), trial.small(), few(trial.subject(), 50));
  LoopSpec second = first;
  second.seed = first.seed + 1;
  WorkerPair one(trial, first), two(trial, second);
  one.start();
  two.start();
  one.finish();
  two.finish();
}

void expect_no_objects(const fs::path& run) {
  const LeftObjects left = objects_of(run);
  require(left.none(), "it leaves {}{}{}", fmt::join(left.files, ", "), left.files.empty() ? "" : ", ",
          fmt::join(left.kernel, ", "));
}

void check_many_launches(const Trial& trial) {
  // What leaks does so in each launch. A leak of the mechanism itself is looked for longer than one of an option.
  const Subject& subject = trial.subject();
  const bool is_usual = subject.option.empty() && subject.wait == subject.info().waits.front();
  const std::size_t launches = is_usual && trial.settings().workers == Workers::fork ? 100 : 20;
  RunDir run_dir = RunDir::create();
  const std::vector<Scenario> offered = trial.scenarios();
  std::size_t before = 0;
  for (std::size_t repeat = 0; repeat <= launches; ++repeat) {
    const Scenario scenario = offered[repeat % offered.size()];
    const LaunchRecord record =
        trial.run({.scenario = scenario, .size = trial.small(), .ops = 1, .pinned = false}, run_dir);
    require(record.status == Status::ok, "launch {}: {}", repeat + 1, record.reason);
    if (repeat == 0) before = open_descriptor_count();  // the first repeat may open what the program keeps
  }
  const std::size_t after = open_descriptor_count();
  require(after == before, "{} descriptors are open after {} launches, and {} after the first", after, launches,
          before);
  expect_no_objects(run_dir.path());
}

// Waits for the ends of all children of this process, adopted ones included. They must have been killed, or have
// failed.
void wait_for_killed_children(std::chrono::seconds deadline) {
  constexpr timespec kNap{.tv_sec = 0, .tv_nsec = 1'000'000};
  const auto end = std::chrono::steady_clock::now() + deadline;
  int status = 0;
  while (true) {
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid < 0 && errno == ECHILD) return;
    require(pid <= 0 || WIFSIGNALED(status) || status != 0, "a process went on after its coordinator");
    require(std::chrono::steady_clock::now() < end, "a process lives on after its coordinator");
    if (pid == 0) ::nanosleep(&kNap, nullptr);
  }
}

void check_killed_coordinator(const Trial& trial) {
  constexpr std::size_t kMostPath = 4096;
  // Adopts the coordinator's children, so that their end is seen. Emulators don't support this.
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
    throw CheckSkipped(fmt::format("PR_SET_CHILD_SUBREAPER: {}", std::strerror(errno)));
  const Mapping told = Mapping::shared_anonymous(kMostPath);
  auto& path = *reinterpret_cast<char(*)[kMostPath]>(told.data());
  Child coordinator = Child::spawn("ipcbench-check", [&] {
    try {
      WorkerPair pair(trial, loop_spec(trial.subject(), trial.scenarios().front(), trial.small(), kEndless),
                      {.created = [&](const RunDir& run_dir) { copy_text(path, run_dir.path()); }});
      pair.start();
      pair.wait_until_under_way(Role::consumer);
      ::kill(::getpid(), SIGKILL);
    } catch (const std::exception& error) {
      copy_text(path, error.what());
    }
    return 1;
  });
  const ExitStatus end = coordinator.wait();
  require(end.signal == SIGKILL, "{}", path);
  wait_for_killed_children(trial.settings().deadline);
  if (!fs::exists(path)) throw CheckSkipped("another ipcbench has cleaned up meanwhile");
  const Manifest manifest = manifest_of(path);
  const RunDir::Cleaned cleaned = RunDir::clean_dead_runs();
  require(!fs::exists(path), "it can't be cleaned up: {}", fmt::join(cleaned.lines, "; "));
  const LeftObjects left = objects_of(manifest, path);
  require(left.none(), "it leaves {} {}", fmt::join(left.files, ", "), fmt::join(left.kernel, ", "));
  const std::string id = fs::path(path).filename();
  for (const char* folder : {"/dev/shm", "/dev/mqueue", "/var/tmp"}) {
    if (!fs::exists(folder)) continue;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
      require(entry.path().string().find(id) == std::string::npos, "it leaves {}", entry.path().string());
  }
}

constexpr std::array kLifeCycleChecks = {
    ConformanceCheck{.name = "peer-death",
                     .proves = "a side sees that its peer has died, where that is claimed",
                     .scope = CheckScope::own_workers,
                     .applies = sees_peer_close,
                     .run = check_peer_death},
    ConformanceCheck{.name = "killed-worker",
                     .proves = "the death of a worker ends its launch and is named",
                     .run = check_killed_worker},
    ConformanceCheck{.name = "broker-death",
                     .proves = "both sides see that their broker has died",
                     .scope = CheckScope::built_in,
                     .applies = has_service,
                     .run = check_broker_death},
    ConformanceCheck{.name = "killed-broker",
                     .proves = "the death of a broker ends its launch and is named",
                     .scope = CheckScope::built_in,
                     .applies = has_service,
                     .run = check_killed_broker},
    ConformanceCheck{.name = "signals",
                     .proves = "a thousand signals a second break nothing",
                     .scope = CheckScope::own_workers,
                     .run = check_signals},
    ConformanceCheck{.name = "two-sessions",
                     .proves = "two sessions at once don't get each other's messages",
                     .scope = CheckScope::own_workers,
                     .run = check_two_sessions},
    ConformanceCheck{.name = "many-launches",
                     .proves = "many launches leak no descriptors and leave no objects",
                     .run = check_many_launches},
    ConformanceCheck{.name = "killed-coordinator",
                     .proves = "a killed coordinator leaves no processes, and no objects after a clean-up",
                     .scope = CheckScope::own_workers,
                     .run = check_killed_coordinator},
};

}  // namespace

std::span<const ConformanceCheck> life_cycle_checks() { return kLifeCycleChecks; }

}  // namespace ipcbench
