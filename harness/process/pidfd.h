#pragma once

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>

namespace ipcbench {

// These are system calls, since glibc has functions for them only from 2.36 on. They return -1 with errno set: ENOSYS
// before Linux 5.3, EPERM under some seccomp filters.

// Returns a descriptor of the process, close-on-exec, which polls as readable when it has ended.
inline int pidfd_of(pid_t pid) noexcept { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }
// Kills the process, and no other that has got its number. The signal 0 only finds out whether it is there.
inline int kill_by_pidfd(int pidfd, int signal = SIGKILL) noexcept {
  return static_cast<int>(::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0));
}

}  // namespace ipcbench
