#include "harness/process/call_tracer.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <system_error>

#include <gtest/gtest.h>

#include "harness/base/unique_fd.h"
#include "harness/process/child.h"
#include "tests/support/call_counting.h"

namespace ipcbench {
namespace {

// Runs `body` in a traced child and returns the tracer's count. nullopt if tracing is refused.
template <class Body>
std::optional<CallCount> counted(Body body) {
  const UniqueFd gate(::eventfd(0, EFD_CLOEXEC));
  Child child = Child::spawn("ipcbench-test", [&] {
    eventfd_t ignored = 0;
    if (::eventfd_read(gate.get(), &ignored) != 0) return 1;
    body();
    return 0;
  });
  std::optional<CallTracer> tracer;
  try {
    tracer.emplace(std::vector{child.pid()});
  } catch (const std::system_error&) {
    return std::nullopt;
  }
  ::eventfd_write(gate.get(), 1);
  serve_until_end(*tracer, child);
  return tracer->count(0);
}

TEST(CallTracer, CountsWhatStandsBetweenTheMarks) {
  const auto count = counted([] {
    ::getppid();
    mark_calls();
    for (int i = 0; i < 7; ++i) ::getppid();
    mark_calls();
    ::getppid();
  });
  if (!count) GTEST_SKIP() << "ptrace is refused";
  EXPECT_EQ(count->done, 7u);
  EXPECT_EQ(count->retried, 0u);
}

TEST(CallTracer, TellsFailedCallsApart) {
  const auto count = counted([] {
    const UniqueFd empty(::eventfd(0, EFD_NONBLOCK));
    eventfd_t value = 0;
    mark_calls();
    for (int i = 0; i < 3; ++i) ::eventfd_read(empty.get(), &value);
    ::eventfd_write(empty.get(), 1);
    ::eventfd_read(empty.get(), &value);
    mark_calls();
  });
  if (!count) GTEST_SKIP() << "ptrace is refused";
  EXPECT_EQ(count->done, 2u);
  EXPECT_EQ(count->retried, 3u);
}

// A signal reaches its handler; the wait for it and the return from it count as calls that succeeded.
TEST(CallTracer, LetsSignalsThrough) {
  const auto count = counted([] {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    ::sigaction(SIGUSR1, &action, nullptr);
    sigset_t none, blocked;
    sigemptyset(&none);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
    mark_calls();
    for (int i = 0; i < 5; ++i) {
      ::kill(::getpid(), SIGUSR1);
      ::sigsuspend(&none);
    }
    mark_calls();
  });
  if (!count) GTEST_SKIP() << "ptrace is refused";
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "the thread sanitizer makes calls of its own for each signal";
#endif
  EXPECT_EQ(count->done, 5u * 4);  // getpid, kill, rt_sigsuspend, rt_sigreturn
  EXPECT_EQ(count->retried, 0u);
}

TEST(CallTracer, AKilledChildIsItsOwnersToReap) {
  const UniqueFd never(::eventfd(0, EFD_CLOEXEC));
  Child child = Child::spawn("ipcbench-test", [&] {
    eventfd_t ignored = 0;
    return ::eventfd_read(never.get(), &ignored);
  });
  std::optional<CallTracer> tracer;
  try {
    tracer.emplace(std::vector{child.pid()});
  } catch (const std::system_error&) {
    GTEST_SKIP() << "ptrace is refused";
  }
  EXPECT_FALSE(child.poll().has_value());
  child.kill();
  tracer->handle_calls();
  EXPECT_EQ(child.wait().signal, SIGKILL);
}

}  // namespace
}  // namespace ipcbench
