#include "harness/process/stop_signals.h"

#include <poll.h>

#include <csignal>

#include <gtest/gtest.h>

#include "harness/process/child.h"

namespace ipcbench {
namespace {

// Resets signals first: the tests may run in the background, where SIGINT is ignored and stays so.
void install() {
  for (const int signal : {SIGINT, SIGHUP}) ::signal(signal, SIG_DFL);
  install_stop_signals();
}

bool ends_at_once() {
  pollfd second{.fd = stop_now_fd(), .events = POLLIN, .revents = 0};
  return stop_now() && ::poll(&second, 1, 0) == 1;
}

// Runs in separate processes, since a requested stop can't be withdrawn.
TEST(Stop, TheFirstSignalAsksAndTheSecondEnds) {
  Child child = Child::spawn("stopped", [] {
    if (stop_now_fd() != -1) return 1;
    install();
    if (stop_requested() || ends_at_once()) return 2;
    ::raise(SIGTERM);
    if (!stop_requested() || ends_at_once()) return 3;
    ::raise(SIGTERM);
    if (!ends_at_once()) return 4;
    ::raise(SIGINT);
    return ends_at_once() ? 0 : 5;
  });
  EXPECT_EQ(child.wait().code, 0);
}

TEST(Stop, TwoSignalsAtOnceAreTwo) {
  Child child = Child::spawn("stopped", [] {
    install();
    sigset_t both, before;
    sigemptyset(&both);
    for (const int signal : {SIGINT, SIGTERM}) sigaddset(&both, signal);
    ::sigprocmask(SIG_BLOCK, &both, &before);
    ::raise(SIGINT);
    ::raise(SIGTERM);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    return ends_at_once() ? 0 : 1;
  });
  EXPECT_EQ(child.wait().code, 0);
}

TEST(Stop, ALimitOfCpuTimeAsksButNeverEndsAtOnce) {
  Child child = Child::spawn("stopped", [] {
    install();
    ::raise(SIGXCPU);
    ::raise(SIGXCPU);
    if (!stop_requested() || ends_at_once()) return 1;
    ::raise(SIGTERM);
    return ends_at_once() ? 0 : 2;
  });
  EXPECT_EQ(child.wait().code, 0);
}

TEST(Stop, WhatIsIgnoredInTheBackgroundStaysIgnored) {
  Child child = Child::spawn("stopped", [] {
    for (const int signal : {SIGINT, SIGHUP}) ::signal(signal, SIG_IGN);
    install_stop_signals();
    ::raise(SIGINT);
    ::raise(SIGHUP);
    return stop_requested() ? 1 : 0;
  });
  EXPECT_EQ(child.wait().code, 0);
}

// Otherwise the second of two signals may arrive while the first is being counted, and be lost.
TEST(Stop, NeitherSignalInterruptsTheCountingOfTheOther) {
  Child child = Child::spawn("stopped", [] {
    install();
    for (const int signal : {SIGINT, SIGTERM}) {
      struct sigaction action {};
      ::sigaction(signal, nullptr, &action);
      for (const int other : {SIGINT, SIGTERM}) {
        if (::sigismember(&action.sa_mask, other) != 1) return other;
      }
    }
    return 0;
  });
  EXPECT_EQ(child.wait().code, 0);
}

}  // namespace
}  // namespace ipcbench
