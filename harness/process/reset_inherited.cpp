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

// Signals that stay ignored if they were: the program was started in the background, or by nohup.
constexpr std::array kLeftIgnored{SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};

// A failed write is an error to report; these signals would kill the program with its result unsaved.
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

// Grants the owner's bits, without which we couldn't enter folders of our own.
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
