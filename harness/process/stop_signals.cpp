#include "harness/process/stop_signals.h"

#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "harness/base/error.h"
#include "harness/base/signal_name.h"

namespace ipcbench {
namespace {

// A limit of CPU time set from outside sends SIGXCPU; the end of the terminal sends SIGHUP.
constexpr std::array kStopSignals{SIGINT, SIGTERM, SIGHUP, SIGXCPU};

volatile std::sig_atomic_t signals_seen = 0;
int second_seen = -1;  // an eventfd, open as long as the handler is there

// Counts a signal. The kernel repeats SIGXCPU with every further second of CPU time, so that it never ends a run at
// once.
void count_signal(int signal) {
  if (signals_seen >= 2 || (signal == SIGXCPU && signals_seen > 0)) return;
  signals_seen = signals_seen + 1;
  if (signals_seen < 2) return;
  const int code = errno;
  ::eventfd_write(second_seen, 1);
  errno = code;
}

}  // namespace

void install_stop_signals() {
  if (second_seen < 0) second_seen = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (second_seen < 0) throw_errno("eventfd");
  struct sigaction action {};
  action.sa_handler = count_signal;  // without SA_RESTART: poll() has to return
  // Stop signals block each other: a second one would not be counted if it came while the first is counted.
  sigemptyset(&action.sa_mask);
  for (const int signal : kStopSignals) sigaddset(&action.sa_mask, signal);
  for (const int signal : kStopSignals) {
    struct sigaction before {};
    if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    if (::sigaction(signal, &action, nullptr) != 0) throw_errno("sigaction for {}", signal_name(signal));
  }
}

bool stop_requested() noexcept { return signals_seen > 0; }
bool stop_now() noexcept { return signals_seen > 1; }
int stop_now_fd() noexcept { return second_seen; }

}  // namespace ipcbench
