#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "harness/base/process_owned.h"
#include "harness/base/unique_fd.h"

namespace ipcbench {

struct ExitStatus {
  int code = -1;   // exit code, or -1
  int signal = 0;  // the signal that killed it, or 0
  bool clean() const noexcept { return signal == 0 && code == 0; }
};
// Returns "exited with code 3" or "killed by SIGKILL".
std::string describe(const ExitStatus& status);

// Child is a forked child and a descriptor that reports its end. If it still runs on destruction, it is killed
// (SIGKILL) and reaped. A copy of the object in another process, forked while it lived, neither kills nor reaps.
class Child {
 public:
  // Forks and runs `body` in the child, which leaves by _exit() with the returned code (after an exception: 70) and
  // never returns here. stdio is flushed before. Throws std::system_error.
  //
  // The child has PR_SET_PDEATHSIG SIGKILL, checked against a parent that has died already, and `name` (15 characters).
  // Its signal mask is empty. Its dispositions are the default ones, but SIGPIPE and SIGXFSZ are ignored, and so are
  // signals that stays_ignored() names, and SIGINT, SIGTERM and SIGHUP if the parent handles them. The calling thread
  // must outlive the child, since the kernel sends the death signal when the thread ends.
  template <class Body>
  static Child spawn(const char* name, Body&& body);

  Child() noexcept = default;
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  pid_t pid() const noexcept { return pid_; }
  // Returns the descriptor for poll() with POLLIN, which is ready when the child has exited, until it is reaped. It is
  // a pidfd. If the kernel (before 5.3) or a seccomp filter refuses one, it is the read end of a pipe whose other end
  // the child has and must not close.
  int pidfd() const noexcept { return pidfd_.get(); }
  bool running() const noexcept { return pid_ > 0; }  // not yet reaped

  void kill() noexcept;              // SIGKILL; no effect after it was reaped
  ExitStatus wait();                 // blocks, reaps; once reaped, returns the same again
  std::optional<ExitStatus> poll();  // reaps if it has exited; leaves the stops of a traced one to its tracer

 private:
  Child(pid_t pid, UniqueFd pidfd) noexcept;
  // Returns 0 as pid in the child, fully set up.
  static Child fork_child(const char* name);
  bool has_exited() const noexcept;
  bool reap(int options);

  pid_t pid_ = 0;
  ProcessOwned owner_;
  UniqueFd pidfd_;
  std::optional<ExitStatus> status_;
};

[[noreturn]] void leave_child(int code) noexcept;  // _exit

template <class Body>
Child Child::spawn(const char* name, Body&& body) {
  Child child = fork_child(name);
  if (child.pid_ != 0) return child;
  int code = 70;
  try {
    code = body();
  } catch (...) {
  }
  leave_child(code);
}

}  // namespace ipcbench
