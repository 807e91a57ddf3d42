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
// "exited with code 3", "killed by SIGKILL".
std::string describe(const ExitStatus& status);

// A forked child and a descriptor that tells its end. Killed (SIGKILL) and reaped on destruction if it still runs. A
// copy of the object in another process (a fork taken while it lived) neither kills nor reaps.
class Child {
 public:
  // Forks; `body` runs in the child, which leaves by _exit(returned code) (an exception: 70) and never returns here.
  // The child gets PR_SET_PDEATHSIG SIGKILL (checked against a parent that has died already), default signal
  // dispositions but SIGPIPE and SIGXFSZ ignored, an empty signal mask, and `name` (15 characters). stdio is flushed
  // before. Throws std::system_error. The calling thread must outlive the child: the kernel sends that signal when the
  // thread ends.
  template <class Body>
  static Child spawn(const char* name, Body&& body);

  Child() noexcept = default;
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  pid_t pid() const noexcept { return pid_; }
  // For poll() with POLLIN, until it is reaped: returns when it has exited. A pidfd; where the kernel (before 5.3) or a
  // seccomp filter refuses that, the read end of a pipe whose other end the child has and must not close.
  int pidfd() const noexcept { return pidfd_.get(); }
  bool running() const noexcept { return pid_ > 0; }  // not yet reaped

  void kill() noexcept;              // SIGKILL; no effect after it was reaped
  ExitStatus wait();                 // blocks, reaps; once reaped, returns the same again
  std::optional<ExitStatus> poll();  // reaps if it has exited; leaves the stops of a traced one to its tracer

 private:
  Child(pid_t pid, UniqueFd pidfd) noexcept;
  // Returns 0 in the child, fully set up.
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
