// Checks the messages of signal and System V semaphore transports when limits are used up. Each test has a separate
// process, with which its limits and namespaces end.

#include <sched.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <gtest/gtest.h>

#include "harness/process/child.h"
#include "harness/sdk/registry.h"
#include "transports/parts/signals.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr int kCantBeSetUp = 77;

template <class Body>
int exit_code_of(Body body) {
  return Child::spawn("ipcbench-test", body).wait().code;
}

bool allow_pending_signals(rlim_t count) {
  const rlimit limit{.rlim_cur = count, .rlim_max = count};
  return ::setrlimit(RLIMIT_SIGPENDING, &limit) == 0;
}

// Says why the transport can't run here; "" if it can.
std::string refusal_of(std::string_view transport) {
  const Availability here = find_transport(transport)->probe();
  const auto* unavailable = std::get_if<Unavailable>(&here);
  return unavailable == nullptr ? "" : unavailable->reason;
}

// Returns the error of creating a session; 0 if it succeeds.
int creation_error(std::string_view transport, std::size_t size, OptionValues options) {
  std::string folder = (fs::temp_directory_path() / "ipcbench-test-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return -1;
  ::setenv("XDG_RUNTIME_DIR", folder.c_str(), 1);
  int error = 0;
  {
    RunDir run_dir = RunDir::create();
    const SessionConfig config{.run_dir = run_dir, .message_size = size, .options = std::move(options)};
    try {
      find_transport(transport)->create(config);
    } catch (const std::system_error& failure) {
      error = failure.code().value();
    }
  }
  fs::remove_all(folder);
  return error;
}

TEST(RtSignal, IsSkippedWhereTooFewSignalsMayBePending) {
  EXPECT_EQ(exit_code_of([] {
              if (refusal_of("rt-signal") != "" || !allow_pending_signals(0)) return kCantBeSetUp;
              return refusal_of("rt-signal").find("RLIMIT_SIGPENDING is 0") != std::string::npos ? 0 : 1;
            }),
            0);
}

TEST(RtSignal, RefusesAWindowThatTheLimitHasNoRoomFor) {
  EXPECT_EQ(exit_code_of([] {
              if (!allow_pending_signals(200)) return kCantBeSetUp;
              if (creation_error("rt-signal", 8, {{"window", "98"}}) != 0) return 1;
              return creation_error("rt-signal", 8, {{"window", "99"}}) == EAGAIN ? 0 : 2;
            }),
            0);
}

// Checks the claims `priorities` and `typed`: the lowest number comes first, unless another is asked for.
TEST(RtSignal, ComesByItsNumber) {
  EXPECT_EQ(exit_code_of([] {
              const sigset_t both = block_signals(signal_set({SIGRTMIN, SIGRTMIN + 1}));
              const sigset_t second = signal_set({SIGRTMIN + 1});
              for (const int value : {1, 2}) ::sigqueue(::getpid(), SIGRTMIN + 1, {.sival_int = value});
              ::sigqueue(::getpid(), SIGRTMIN, {.sival_int = 3});
              siginfo_t info;
              ::sigwaitinfo(&second, &info);
              if (info.si_value.sival_int != 1) return 1;
              ::sigwaitinfo(&both, &info);
              if (info.si_value.sival_int != 3) return 2;
              ::sigwaitinfo(&both, &info);
              return info.si_value.sival_int == 2 ? 0 : 3;
            }),
            0);
}

TEST(SysvSem, IsSkippedWhereNoSetIsLeft) {
  const int code = exit_code_of([] {
    if (::unshare(CLONE_NEWIPC) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWIPC) != 0) return kCantBeSetUp;
    if (refusal_of("sysv-sem") != "") return 1;
    while (::semget(IPC_PRIVATE, 1, 0600) >= 0) {  // they end with the namespace
    }
    if (errno != ENOSPC) return 2;
    if (refusal_of("sysv-sem").find("sets are in use") == std::string::npos) return 3;
    return creation_error("sysv-sem", 0, {{"undo", "off"}}) == ENOSPC ? 0 : 4;
  });
  if (code == kCantBeSetUp) GTEST_SKIP() << "may not have an IPC namespace of its own";
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace ipcbench
