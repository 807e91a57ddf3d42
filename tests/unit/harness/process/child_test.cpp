#include "harness/process/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "harness/base/unique_fd.h"

namespace ipcbench {
namespace {

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    in.reset(ends[0]);
    out.reset(ends[1]);
  }
  UniqueFd in;
  UniqueFd out;
};

[[noreturn]] void pause_for_ever() {
  for (;;) ::pause();
}

Child spawn_sleeper() {
  return Child::spawn("sleeper", []() -> int { pause_for_ever(); });
}

TEST(Child, ReturnsItsExitCode) {
  Child child = Child::spawn("child", [] { return 3; });
  EXPECT_TRUE(child.running());
  const ExitStatus status = child.wait();
  EXPECT_EQ(status.code, 3);
  EXPECT_EQ(status.signal, 0);
  EXPECT_FALSE(status.clean());
  EXPECT_EQ(describe(status), "exited with code 3");
  EXPECT_FALSE(child.running());
  EXPECT_EQ(child.wait().code, 3) << "the same again";
  EXPECT_EQ(child.poll()->code, 3);
}

TEST(Child, AnExceptionIsCode70) {
  Child child = Child::spawn("child", []() -> int { throw std::runtime_error("of the body"); });
  EXPECT_EQ(child.wait().code, 70);
}

TEST(Child, AKilledOneNamesTheSignal) {
  Child child = spawn_sleeper();
  EXPECT_EQ(child.poll(), std::nullopt);
  child.kill();
  const ExitStatus status = child.wait();
  EXPECT_EQ(status.signal, SIGKILL);
  EXPECT_EQ(status.code, -1);
  EXPECT_EQ(describe(status), "killed by SIGKILL");
  child.kill();
  EXPECT_EQ(describe({.code = -1, .signal = SIGRTMIN}), "killed by SIGRTMIN");
}

TEST(Child, ItsPidfdIsReadableOnceItHasExited) {
  Child child = Child::spawn("child", [] { return 0; });
  pollfd exited{.fd = child.pidfd(), .events = POLLIN, .revents = 0};
  ASSERT_EQ(::poll(&exited, 1, -1), 1);
  const auto status = child.poll();
  ASSERT_TRUE(status.has_value());
  EXPECT_TRUE(status->clean());
}

TEST(Child, StartsWithFreshSignalsAndItsName) {
  struct sigaction ignored {};
  ignored.sa_handler = SIG_IGN;
  struct sigaction before {};
  ASSERT_EQ(::sigaction(SIGUSR1, &ignored, &before), 0);
  sigset_t blocked;
  sigset_t mask_before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR2);
  ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &blocked, &mask_before), 0);

  Child child = Child::spawn("worker-consumer", [] {
    struct sigaction now {};
    ::sigaction(SIGUSR1, nullptr, &now);
    if (now.sa_handler != SIG_DFL) return 1;
    ::sigaction(SIGPIPE, nullptr, &now);
    if (now.sa_handler != SIG_IGN) return 2;
    sigset_t mask;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    if (sigisemptyset(&mask) == 0) return 3;
    std::array<char, 16> name{};
    ::prctl(PR_GET_NAME, name.data());
    if (std::string_view(name.data()) != "worker-consumer") return 4;
    int death_signal = 0;
    ::prctl(PR_GET_PDEATHSIG, &death_signal);
    return death_signal == SIGKILL ? 0 : 5;
  });
  EXPECT_EQ(describe(child.wait()), "exited with code 0");

  sigset_t mask;
  ::pthread_sigmask(SIG_SETMASK, &mask_before, &mask);
  EXPECT_EQ(sigismember(&mask, SIGUSR2), 1) << "the parent's mask is as it was";
  EXPECT_EQ(sigismember(&mask, SIGTERM), 0);
  ::sigaction(SIGUSR1, &before, nullptr);
}

TEST(Child, LeavesAStopSignalToAParentThatHandlesIt) {
  struct sigaction before {
  }, handled{};
  handled.sa_handler = [](int) {};
  ::sigaction(SIGTERM, &handled, &before);
  Child child = Child::spawn("worker", [] {
    struct sigaction now {};
    ::sigaction(SIGTERM, nullptr, &now);
    if (now.sa_handler != SIG_IGN) return 1;
    ::sigaction(SIGINT, nullptr, &now);
    return now.sa_handler == SIG_DFL ? 0 : 2;
  });
  EXPECT_EQ(child.wait().code, 0);
  ::sigaction(SIGTERM, &before, nullptr);
}

TEST(Child, DiesWithItsParent) {
  // Adopts the orphan's zombie. Emulators don't support this.
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) GTEST_SKIP() << "PR_SET_CHILD_SUBREAPER: " << std::strerror(errno);
  Pipe pipe;
  Child parent = Child::spawn("parent", [&]() -> int {
    const Child grandchild = Child::spawn("grandchild", [&]() -> int {
      const pid_t self = ::getpid();
      if (::write(pipe.out.get(), &self, sizeof self) != sizeof self) return 1;
      pause_for_ever();
    });
    pause_for_ever();
  });
  pipe.out.reset();
  pid_t grandchild = 0;
  ASSERT_EQ(::read(pipe.in.get(), &grandchild, sizeof grandchild), static_cast<ssize_t>(sizeof grandchild));
  parent.kill();
  EXPECT_EQ(parent.wait().signal, SIGKILL);

  char end = 0;
  EXPECT_EQ(::read(pipe.in.get(), &end, 1), 0) << "both have died";
  int status = 0;
  ASSERT_EQ(::waitpid(grandchild, &status, 0), grandchild);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST(Child, TheDestructorKillsAndReaps) {
  pid_t pid = 0;
  {
    const Child child = spawn_sleeper();
    pid = child.pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::waitpid(pid, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(Child, AssignmentKillsTheOldOne) {
  Child child = spawn_sleeper();
  const pid_t old = child.pid();
  child = Child::spawn("child", [] { return 4; });
  EXPECT_EQ(::waitpid(old, nullptr, WNOHANG), -1);
  Child moved = std::move(child);
  EXPECT_EQ(moved.wait().code, 4);
}

TEST(Child, ACopyInASiblingNeitherKillsNorReaps) {
  Child first = spawn_sleeper();
  Child second = Child::spawn("second", [&] {
    first.kill();
    const Child taken = std::move(first);
    return taken.running() ? 0 : 1;
  });
  EXPECT_TRUE(second.wait().clean());
  EXPECT_EQ(first.poll(), std::nullopt);
  first.kill();
  EXPECT_EQ(first.wait().signal, SIGKILL);
}

TEST(Child, OneThatNeverWasCantBeWaitedFor) {
  Child none;
  EXPECT_FALSE(none.running());
  none.kill();
  EXPECT_THROW(none.wait(), std::system_error);
}

TEST(Child, BufferedOutputIsWrittenOnce) {
  Pipe pipe;
  {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(::fdopen(::dup(pipe.out.get()), "w"), &std::fclose);
    ASSERT_NE(stream, nullptr);
    std::fputs("once", stream.get());
    Child child = Child::spawn("child", [&] { return std::fflush(stream.get()); });
    EXPECT_TRUE(child.wait().clean());
  }
  pipe.out.reset();
  std::array<char, 32> text{};
  EXPECT_EQ(::read(pipe.in.get(), text.data(), text.size()), 4);
  EXPECT_EQ(std::string_view(text.data()), "once");
}

}  // namespace
}  // namespace ipcbench
