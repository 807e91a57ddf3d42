// Checks each line of docs/inherited.md in a process that has inherited it.

#include <linux/mempolicy.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/sanitizers.h"
#include "harness/process/affinity.h"
#include "results/files/store.h"
#include "tests/integration/cli.h"
#include "tests/integration/places.h"
#include "tests/integration/program_run.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Inherited : public ProgramRun {
 protected:
  // Returns the value of a check of `doctor` in this place.
  std::string value_of(const std::string& id, const Place& place) const {
    EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "doctor", "--seconds", "0", "--json"}, place).wait().code, 0) << err();
    for (const nlohmann::json& check : nlohmann::json::parse(out())) {
      if (check.at("id") == id) return check.at("value");
    }
    ADD_FAILURE() << "no check " << id;
    return {};
  }
  std::vector<std::string> one_launch() const {
    return {"--transport", "pipe",   "--scenario", "ping-pong", "--size", "64", "--placement",
            "same-cpu",    "--wait", "block",      "--passes",  "1",      "-o", output()};
  }
};

TEST_F(Inherited, IgnoredDeathsOfChildrenAreSeenAllTheSame) {
  ASSERT_EQ(start_words({IPCBENCH_PROGRAM, "list", "facts", "--json"}, [] { ::signal(SIGCHLD, SIG_IGN); }).wait().code,
            0);
  EXPECT_THAT(out(), Not(HasSubstr("No child processes")));
  EXPECT_EQ(run(one_launch(), [] { ::signal(SIGCHLD, SIG_IGN); }), 0) << err();
}

TEST_F(Inherited, AStopIsHeardThoughItsSignalWasBlockedOrIgnored) {
  for (const Place& place : {Place([] {
                               sigset_t all;
                               sigfillset(&all);
                               ::sigprocmask(SIG_SETMASK, &all, nullptr);
                             }),
                             Place([] { ::signal(SIGTERM, SIG_IGN); })}) {
    Child child = start(small_suite({"--passes", "200"}), place);
    ASSERT_TRUE(wait_until(child, [&] { return launches_in_journal() > 0; })) << err();
    ::kill(child.pid(), SIGTERM);
    EXPECT_EQ(child.wait().code, 130) << err();
    std::filesystem::remove(output());
    std::filesystem::remove(journal());
  }
}

TEST_F(Inherited, TheEndOfTheTerminalStopsARunAndKeepsWhatWasMeasured) {
  // The workers get the signal as well, as from a terminal.
  Child child = start(small_suite({"--passes", "200"}), [] { ::setpgid(0, 0); });
  ASSERT_TRUE(wait_until(child, [&] { return launches_in_journal() > 0; })) << err();
  ::kill(-child.pid(), SIGHUP);
  EXPECT_EQ(child.wait().code, 130) << err();
  const Result result = load_result(output());
  EXPECT_FALSE(result.complete);
  for (const CaseRecord& c : result.cases) EXPECT_NE(c.status, Status::crashed) << c.reason;
}

TEST_F(Inherited, TheEndOfTheTerminalIsNothingToARunByNohup) {
  Child child = start(small_suite(), [] {
    ::setpgid(0, 0);
    ::signal(SIGHUP, SIG_IGN);
  });
  while (wait_until(child, [&] { return launches_in_journal() > 0; })) {
    ::kill(-child.pid(), SIGHUP);
    if (child.poll()) break;
  }
  EXPECT_EQ(child.wait().code, 0) << err();
  expect_whole(load_result(output()));
}

TEST_F(Inherited, AFileThatMayNotGrowIsAnErrorWithItsReason) {
  const std::string published = std::string(IPCBENCH_SOURCE_DIR) + "/results/published/quick-intel-xeon-kvm.json";
  const ExitStatus end =
      start_words({IPCBENCH_PROGRAM, "show", published}, [] { set_limit(RLIMIT_FSIZE, 8192); }).wait();
  EXPECT_EQ(end.signal, 0);
  EXPECT_EQ(end.code, 70);
  EXPECT_THAT(err(), AllOf(HasSubstr("stdout"), HasSubstr("File too large")));
}

TEST_F(Inherited, AMaskThatForbidsTheOwnerIsNoObstacle) {
  const Place place = [] {
    become_normal_user();
    ::umask(0777);
  };
  std::filesystem::permissions(folder_, std::filesystem::perms::all);
  EXPECT_EQ(run({"--transport", "fifo,unix-dgram,posix-shm,mmap-file", "--size", "64", "--placement", "same-cpu",
                 "--passes", "1", "-o", output()},
                place),
            0)
      << err();
  const auto permissions = std::filesystem::status(output()).permissions();
  EXPECT_EQ(permissions & std::filesystem::perms::owner_all,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(Inherited, AWorkingFolderThatIsGoneIsNamedWhereItIsNeeded) {
  const std::string gone = path("gone");
  const Place place = [gone] {
    if (::mkdir(gone.c_str(), 0700) != 0 || ::chdir(gone.c_str()) != 0 || ::rmdir(gone.c_str()) != 0) {
      throw_errno("leave {}", gone);
    }
  };
  EXPECT_EQ(run(one_launch(), place), 0) << err();
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "show", output()}, place).wait().code, 0) << err();
  std::vector<std::string> relative = one_launch();
  relative.back() = "here.json";
  EXPECT_EQ(run(relative, place), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("here.json"), HasSubstr("No such file or directory")));
}

TEST_F(Inherited, DoctorNamesWhatItHasInherited) {
  EXPECT_EQ(value_of("nice", [] { ::setpriority(PRIO_PROCESS, 0, 10); }), "10");
  const sched_param none{};
  EXPECT_EQ(value_of("scheduling-policy", [&] { ::sched_setscheduler(0, SCHED_BATCH, &none); }), "SCHED_BATCH");
  EXPECT_EQ(value_of("timer-slack", [] { ::prctl(PR_SET_TIMERSLACK, 1UL); }), "1 ns");
  EXPECT_EQ(value_of("huge-pages-off", [] { ::prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0); }), "yes");
  EXPECT_EQ(value_of("no-new-privileges", [] { ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }), "yes");
  EXPECT_THAT(value_of("seccomp", [] { refuse_call(SYS_acct, EPERM); }), testing::HasSubstr("filter"));
  constexpr int kProcess = 1, kIdle = 3 << 13;
  EXPECT_EQ(value_of("io-priority", [] { ::syscall(SYS_ioprio_set, kProcess, 0, kIdle); }), "class 3 level 0");
  if (!kSanitized) {
    if (::personality(0xffffffff) != -1 && ::personality(ADDR_NO_RANDOMIZE) != -1) {  // Docker's filter refuses it
      ::personality(0);
      EXPECT_EQ(value_of("personality", [] { ::personality(ADDR_NO_RANDOMIZE); }), "ADDR_NO_RANDOMIZE");
    }
    EXPECT_EQ(value_of("preloaded", [] { ::setenv("LD_PRELOAD", "libm.so.6", 1); }), "libm.so.6");
  }
}

TEST_F(Inherited, DoctorNamesAMemoryPolicy) {
  unsigned long nodes = 1;
  if (::syscall(SYS_set_mempolicy, MPOL_BIND, &nodes, 8UL) != 0) GTEST_SKIP() << "no memory policies here";
  ::syscall(SYS_set_mempolicy, MPOL_DEFAULT, nullptr, 0UL);
  EXPECT_EQ(value_of("memory-policy", [&] { ::syscall(SYS_set_mempolicy, MPOL_BIND, &nodes, 8UL); }), "bind");
}

TEST_F(Inherited, ResultsOfAnotherNicenessAreNotComparable) {
  ASSERT_EQ(run(one_launch()), 0) << err();
  const std::string usual = path("usual.json");
  std::filesystem::rename(output(), usual);
  ASSERT_EQ(run(one_launch(), [] { ::setpriority(PRIO_PROCESS, 0, 7); }), 0) << err();
  EXPECT_THAT(load_result(output()).machine.inherited.value_or(""), HasSubstr("nice 7"));
  EXPECT_THAT(out(), HasSubstr("nice 7"));  // above the tables
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "compare", usual, output()}).wait().code, 5);
  EXPECT_THAT(err(), AllOf(HasSubstr("inherited conditions"), HasSubstr("nice 7")));
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "check", "--baseline", output()}).wait().code, 5);
  EXPECT_THAT(err(), AllOf(HasSubstr("inherited conditions"), HasSubstr("nice 7")));
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "compare", "--advisory", usual, output()}).wait().code, 0) << err();
  EXPECT_THAT(out(), HasSubstr("nice 7"));
}

// Isolated CPUs are in nobody's mask, but can be asked for.
TEST_F(Inherited, ACpuOutsideTheMaskIsUsedWhereItIsAskedFor) {
  const std::vector<int> cpus = allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "only one CPU";
  const Place narrow = [&] { pin_to(Cpu{cpus[0]}); };
  const std::string pair = std::to_string(cpus[0]) + ',' + std::to_string(cpus[1]);
  const auto words = [&](const char* command) {
    std::vector<std::string> all{IPCBENCH_PROGRAM, command, "--cpus", pair, "--transport", "pipe", "--passes", "1"};
    if (std::string_view(command) == "run") all.insert(all.end(), {"-o", output()});
    return all;
  };
  ASSERT_EQ(start_words(words("run"), narrow).wait().code, 0) << err();
  for (const CaseRecord& c : load_result(output()).cases) EXPECT_EQ(c.cpus, (std::array{cpus[0], cpus[1]})) << c.id;

  EXPECT_EQ(start_words(words("plan"),
                        [&] {
                          narrow();
                          refuse_call(SYS_sched_setaffinity, EPERM);
                        })
                .wait()
                .code,
            2);
  EXPECT_THAT(err(), HasSubstr("may not use CPU " + std::to_string(cpus[1])));
}

// Workers don't inherit a policy that is reset at fork.
TEST_F(Inherited, WhatTheWorkersDontInheritIsNoCondition) {
  const sched_param ten{.sched_priority = 10};
  const Place place = [&] {
    if (::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &ten) != 0) throw_errno("sched_setscheduler");
  };
  Child child = start_words({IPCBENCH_PROGRAM, "--version"}, place);
  if (child.wait().code == kNoSuchPlace) GTEST_SKIP() << err();
  EXPECT_EQ(value_of("scheduling-policy", place), "SCHED_OTHER");
}

// Traces the calling process and all its future children, as strace -f does.
void become_traced() {
  const pid_t tracee = ::fork();
  if (tracee < 0) throw_errno("fork");
  if (tracee == 0) {  // continues as the program
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) throw_errno("ptrace");
    ::raise(SIGSTOP);
    return;
  }
  constexpr long kOptions = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
  int status = 0;
  ::waitpid(tracee, &status, 0);
  ::ptrace(PTRACE_SETOPTIONS, tracee, nullptr, kOptions);
  ::ptrace(PTRACE_SYSCALL, tracee, nullptr, nullptr);
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, __WALL)) > 0;) {
    if (!WIFSTOPPED(status)) {
      if (pid == tracee) ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
      continue;
    }
    const int signal = WSTOPSIG(status);
    const bool is_event = status >> 16 != 0 || signal == SIGTRAP || signal == SIGSTOP;
    ::ptrace(PTRACE_SYSCALL, pid, nullptr, is_event ? 0 : signal);
  }
  ::_exit(kNoSuchPlace);
}

TEST_F(Inherited, LaunchesUnderATracerAreInvalid) {
  if (kSanitized) GTEST_SKIP() << "the leak checker can't run under a tracer";
  EXPECT_THAT(value_of("tracer", become_traced), StartsWith("ipcbench"));
  EXPECT_EQ(run(one_launch(), become_traced), 4) << err();
  const Result result = load_result(output());
  EXPECT_THAT(result.machine.inherited.value_or(""), StartsWith("tracer "));
  ASSERT_FALSE(result.cases.empty());
  EXPECT_EQ(result.cases.front().status, Status::invalid);
  EXPECT_THAT(result.cases.front().reason, HasSubstr("traces it"));
}

}  // namespace
}  // namespace ipcbench
