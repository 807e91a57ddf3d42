#include "harness/process/reset_inherited.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>

namespace ipcbench {
namespace {

// Who started the program in the background, or by nohup, doesn't want it to end by these.
constexpr std::array kLeftIgnored{SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};

// A write that fails is an error to report, not a reason to die with a result unsaved.
constexpr std::array kAlwaysIgnored{SIGPIPE, SIGXFSZ};

std::array<bool, 65> left_ignored{};  // by signal

bool contains(const auto& signals, int signal) noexcept {
  return std::find(signals.begin(), signals.end(), signal) != signals.end();
}

void reset_dispositions() noexcept {
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) != 0) continue;
    const bool is_ignored = action.sa_handler == SIG_IGN;
    left_ignored[static_cast<std::size_t>(signal)] = is_ignored && contains(kLeftIgnored, signal);
    const bool ignore = contains(kAlwaysIgnored, signal) || stays_ignored(signal);
    if (ignore == is_ignored) continue;
    action = {};
    action.sa_handler = ignore ? SIG_IGN : SIG_DFL;
    ::sigaction(signal, &action, nullptr);
  }
}

void unblock_signals() noexcept {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Without its owner's bits a folder of our own couldn't be entered.
void grant_owner() noexcept { ::umask(::umask(0) & ~mode_t{S_IRWXU}); }

void close_on_exec() noexcept {
#if defined(SYS_close_range)
  constexpr unsigned kCloexec = 1U << 2;  // CLOSE_RANGE_CLOEXEC, Linux 5.11
  ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, kCloexec);
#endif
}

}  // namespace

void reset_inherited() noexcept {
  reset_dispositions();
  unblock_signals();
  grant_owner();
  close_on_exec();
}

bool stays_ignored(int signal) noexcept {
  return signal > 0 && static_cast<std::size_t>(signal) < left_ignored.size() &&
         left_ignored[static_cast<std::size_t>(signal)];
}

}  // namespace ipcbench
