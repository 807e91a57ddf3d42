#include "harness/process/reset_inherited.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include <gtest/gtest.h>

#include "harness/process/child.h"

namespace ipcbench {
namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// Runs `body` in a separate process, which changes what it inherited and resets it.
template <class Body>
int code_of(Body body) {
  Child child = Child::spawn("inherited", body);
  return child.wait().code;
}

TEST(ResetInherited, IgnoredSignalsGetTheirDefaultBack) {
  EXPECT_EQ(code_of([] {
              for (const int signal : {SIGCHLD, SIGTERM, SIGUSR1, SIGALRM, SIGRTMIN + 3}) ::signal(signal, SIG_IGN);
              reset_inherited();
              for (const int signal : {SIGCHLD, SIGTERM, SIGUSR1, SIGALRM, SIGRTMIN + 3}) {
                if (is_ignored(signal)) return signal;
              }
              return 0;
            }),
            0);
}

TEST(ResetInherited, WhatABackgroundJobIgnoresStaysIgnored) {
  EXPECT_EQ(code_of([] {
              for (const int signal : {SIGHUP, SIGINT, SIGQUIT}) ::signal(signal, SIG_IGN);
              reset_inherited();
              for (const int signal : {SIGHUP, SIGINT, SIGQUIT}) {
                if (!is_ignored(signal)) return signal;
              }
              return 0;
            }),
            0);
}

// A hang-up is sent to all processes of a terminal.
TEST(ResetInherited, WhatABackgroundJobIgnoresItsWorkersIgnore) {
  EXPECT_EQ(code_of([] {
              ::signal(SIGHUP, SIG_IGN);
              ::signal(SIGINT, SIG_DFL);
              reset_inherited();
              return code_of([] { return is_ignored(SIGHUP) && !is_ignored(SIGINT) ? 0 : 1; });
            }),
            0);
}

TEST(ResetInherited, WritesThatFailAreErrorsNotSignals) {
  EXPECT_EQ(code_of([] {
              for (const int signal : {SIGPIPE, SIGXFSZ}) ::signal(signal, SIG_DFL);
              reset_inherited();
              return is_ignored(SIGPIPE) && is_ignored(SIGXFSZ) ? 0 : 1;
            }),
            0);
}

TEST(ResetInherited, NoSignalStaysBlocked) {
  EXPECT_EQ(code_of([] {
              sigset_t all, now;
              sigfillset(&all);
              ::sigprocmask(SIG_SETMASK, &all, nullptr);
              reset_inherited();
              ::sigprocmask(SIG_SETMASK, nullptr, &now);
              return sigisemptyset(&now) == 1 ? 0 : 1;
            }),
            0);
}

TEST(ResetInherited, TheOwnerMayUseWhatTheProgramMakes) {
  EXPECT_EQ(code_of([] {
              ::umask(0777);
              reset_inherited();
              return ::umask(0) == 0077 ? 0 : 1;
            }),
            0);
}

TEST(ResetInherited, ForeignDescriptorsAreNotHandedOn) {
  EXPECT_EQ(code_of([] {
              const int fd = ::dup(STDERR_FILENO);
              reset_inherited();
              return (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0 && ::fcntl(STDERR_FILENO, F_GETFD) == 0 ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace ipcbench
