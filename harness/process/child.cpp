#include "harness/process/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/limit_text.h"
#include "harness/base/signal_name.h"
#include "harness/process/pidfd.h"
#include "harness/process/reset_inherited.h"

namespace ipcbench {
namespace {

// EndTelling is what reports the end of a child that is about to be forked: a pidfd, or else a pipe.
struct EndTelling {
  bool by_pidfd = true;
  UniqueFd read_end;  // else of a pipe
  UniqueFd write_end;
};

EndTelling end_telling() {
  EndTelling telling;
  const UniqueFd own(pidfd_of(::getpid()));
  if (own) return telling;
  if (errno != ENOSYS && errno != EPERM) throw_errno("pidfd_open");
  telling.by_pidfd = false;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("pipe2 in place of pidfd_open");
  telling.read_end.reset(ends[0]);
  telling.write_end.reset(ends[1]);
  return telling;
}

// Calls waitpid() again after EINTR, and after a stop of a traced child that has been killed. Returns 0 only with
// WNOHANG.
pid_t wait_for(pid_t pid, int* status, int options) noexcept {
  for (;;) {
    const pid_t reaped = ::waitpid(pid, status, options);
    if (reaped > 0 && WIFSTOPPED(*status)) continue;
    if (reaped >= 0 || errno != EINTR) return reaped;
  }
}

ExitStatus decode(int status) noexcept {
  if (WIFSIGNALED(status)) return {.code = -1, .signal = WTERMSIG(status)};
  return {.code = WEXITSTATUS(status), .signal = 0};
}

bool is_handled(int signal) noexcept {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
}

// Returns whether the parent decides when its children end: it handles the signal. A terminal sends SIGINT and SIGHUP
// to parent and child alike, and timeout(1) SIGTERM.
bool is_left_to_the_parent(int signal) noexcept {
  return (signal == SIGINT || signal == SIGTERM || signal == SIGHUP) && is_handled(signal);
}

void set_dispositions_of_child() noexcept {
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    const bool is_an_error = signal == SIGPIPE || signal == SIGXFSZ;  // a call that fails says so
    const bool ignore = is_an_error || is_left_to_the_parent(signal) || stays_ignored(signal);
    action.sa_handler = ignore ? SIG_IGN : SIG_DFL;
    ::sigaction(signal, &action,
                nullptr);  // refused for SIGKILL, SIGSTOP and the two that libc keeps: nothing to reset
  }
}

// SignalsBlocked blocks all signals around a fork. A signal before the child has reset its dispositions would run the
// parent's handler there.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  void unblock_all_at_end() noexcept { sigemptyset(&before_); }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

void set_up_child(const char* name, pid_t parent) noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before the call above took effect.
  if (::getppid() != parent) leave_child(70);
  ::prctl(PR_SET_NAME, name);
  set_dispositions_of_child();
}

}  // namespace

std::string describe(const ExitStatus& status) {
  if (status.signal == 0) return fmt::format("exited with code {}", status.code);
  return fmt::format("killed by {}", signal_name(status.signal));
}

Child::Child(pid_t pid, UniqueFd pidfd) noexcept : pid_(pid), pidfd_(std::move(pidfd)) {}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      owner_(std::move(other.owner_)),
      pidfd_(std::move(other.pidfd_)),
      status_(std::exchange(other.status_, std::nullopt)) {}

Child& Child::operator=(Child&& other) noexcept {
  Child taken(std::move(other));
  std::swap(pid_, taken.pid_);
  std::swap(owner_, taken.owner_);
  std::swap(pidfd_, taken.pidfd_);
  std::swap(status_, taken.status_);
  return *this;
}

Child::~Child() {
  if (!running() || !owner_.owned()) return;
  kill();
  int status = 0;
  wait_for(pid_, &status, 0);
}

Child Child::fork_child(const char* name) {
  EndTelling telling = end_telling();
  std::fflush(nullptr);  // or both processes would print what is buffered
  const pid_t parent = ::getpid();
  SignalsBlocked blocked;
  const pid_t pid = ::fork();
  if (pid < 0) throw_errno("fork {}{}", name, errno == EAGAIN ? process_limit() : "");
  if (pid == 0) {
    set_up_child(name, parent);
    // The pipe's end stays open as long as the process lives, whatever it executes.
    if (const int end = telling.write_end.release(); end >= 0) ::fcntl(end, F_SETFD, 0);
    blocked.unblock_all_at_end();
    return {};
  }
  if (!telling.by_pidfd) return {pid, std::move(telling.read_end)};
  UniqueFd pidfd(pidfd_of(pid));
  if (!pidfd) {
    const int code = errno;
    int status = 0;
    ::kill(pid, SIGKILL);
    wait_for(pid, &status, 0);
    errno = code;
    throw_errno("pidfd_open of {}", name);
  }
  return {pid, std::move(pidfd)};
}

void Child::kill() noexcept {
  if (!running() || !owner_.owned()) return;
  // The pid is safe too: the kernel doesn't reuse it before it is reaped.
  if (kill_by_pidfd(pidfd_.get()) != 0) ::kill(pid_, SIGKILL);
}

ExitStatus Child::wait() {
  while (!reap(0)) {
  }
  return *status_;
}

std::optional<ExitStatus> Child::poll() {
  // A pipe hangs up a moment before the process can be reaped; whoever has seen that must be told of an exit.
  if (!running() || has_exited()) reap(0);
  return status_;
}

bool Child::has_exited() const noexcept {
  pollfd end{.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&end, 1, 0) != 0;
}

bool Child::reap(int options) {
  if (status_) return true;
  int status = 0;
  const pid_t reaped = running() ? wait_for(pid_, &status, options) : (errno = ECHILD, -1);
  if (reaped < 0) throw_errno("waitpid of process {}", pid_);
  if (reaped == 0) return false;
  status_ = decode(status);
  pid_ = 0;
  return true;
}

void leave_child(int code) noexcept { ::_exit(code); }

}  // namespace ipcbench
