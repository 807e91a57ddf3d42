#include "harness/process/call_tracer.h"

#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>

#include "harness/base/error.h"

namespace ipcbench {
namespace {

constexpr int kSyscallStop = SIGTRAP | 0x80;  // PTRACE_O_TRACESYSGOOD

sigset_t child_signal() noexcept {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  return set;
}

// Returns whether a call ends well with EINTR, or has no result of its own.
bool always_succeeds(std::uint64_t call) noexcept {
  return call == SYS_rt_sigsuspend || call == SYS_rt_sigreturn
#ifdef SYS_pause
         || call == SYS_pause
#endif
      ;
}

long call_info(pid_t pid, __ptrace_syscall_info& info) noexcept {
  return ::ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info);
}

// Takes a stop and returns its status; nullopt if there is none or the process has ended, which is its owner's to see.
std::optional<int> take_stop(pid_t pid, int option) noexcept {
  siginfo_t info{};
  int seen = 0;
  do {
    seen = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WSTOPPED | WNOWAIT | option);
  } while (seen != 0 && errno == EINTR);
  if (seen != 0 || info.si_pid == 0 || (info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED)) return {};
  int status = 0;
  if (::waitpid(pid, &status, WNOHANG) != pid || !WIFSTOPPED(status)) return {};
  return status;
}

void go_on(pid_t pid, int signal) noexcept {
  ::ptrace(PTRACE_SYSCALL, pid, nullptr, signal);  // ESRCH: it has been killed meanwhile
}

}  // namespace

CallTracer::CallTracer(const std::vector<pid_t>& children) {
  const sigset_t set = child_signal();
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &set, &before);
  was_blocked_ = sigismember(&before, SIGCHLD) == 1;
  child_signal_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!child_signal_) throw_errno("signalfd");
  for (const pid_t pid : children) {
    constexpr unsigned long kOptions = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD;
    if (::ptrace(PTRACE_SEIZE, pid, nullptr, kOptions) != 0) throw_errno("ptrace PTRACE_SEIZE");
    traced_.push_back({.pid = pid});
    // Calls are seen from the first stop on.
    if (::ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr) != 0) throw_errno("ptrace PTRACE_INTERRUPT");
    if (!take_stop(pid, 0)) continue;  // it has ended
    __ptrace_syscall_info info{};
    if (call_info(pid, info) < 0) throw_errno("ptrace PTRACE_GET_SYSCALL_INFO");
    go_on(pid, 0);
  }
}

CallTracer::~CallTracer() {
  if (was_blocked_) return;
  const sigset_t set = child_signal();
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void CallTracer::handle_calls() {
  signalfd_siginfo seen{};
  while (::read(child_signal_.get(), &seen, sizeof seen) > 0) {
  }
  // One signal may stand for several stops.
  for (bool any = true; any;) {
    any = false;
    for (Traced& traced : traced_) {
      const std::optional<int> status = take_stop(traced.pid, WNOHANG);
      if (!status) continue;
      handle(traced, *status);
      any = true;
    }
  }
}

void CallTracer::handle(Traced& traced, int status) {
  const int signal = WSTOPSIG(status);
  if (signal == kSyscallStop) {
    see_call(traced);
    return go_on(traced.pid, 0);
  }
  // A ptrace event carries its number above the signal; any other stop is a signal being delivered.
  const bool event = (status >> 16) != 0;
  go_on(traced.pid, event ? 0 : signal);
}

void CallTracer::see_call(Traced& traced) {
  __ptrace_syscall_info info{};
  if (call_info(traced.pid, info) < 0) return;  // it has been killed meanwhile
  if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
    traced.call = info.entry.nr;
    traced.in_mark = is_mark(info.entry.nr, info.entry.args[0]);
    if (traced.in_mark) traced.counting = !traced.counting;
  } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && traced.counting && !traced.in_mark) {
    const bool failed = info.exit.is_error != 0 && !always_succeeds(traced.call);
    ++(failed ? *traced.count.retried : traced.count.done);
  }
}

}  // namespace ipcbench
