#pragma once

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>

namespace ipcbench {

// Both are system calls: glibc has functions for them since 2.36 alone. They return -1 with errno set, ENOSYS before
// Linux 5.3 and EPERM under some seccomp filters.

// Returns a descriptor of the process, close-on-exec, which polls as readable when it has ended.
inline int pidfd_of(pid_t pid) noexcept { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }
// Kills the process (SIGKILL), and no other that has got its number.
inline int kill_by_pidfd(int pidfd) noexcept {
  return static_cast<int>(::syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0));
}

}  // namespace ipcbench
