#include "harness/run/stop.h"

#include <csignal>

#include "harness/os/error.h"

namespace ipcbench {
namespace {

volatile std::sig_atomic_t signals_seen = 0;

void count_signal(int) {
  if (signals_seen < 2) signals_seen = signals_seen + 1;
}

}  // namespace

void install_stop_signals() {
  struct sigaction action {};
  action.sa_handler = count_signal;  // without SA_RESTART: poll() has to return
  for (const int signal : {SIGINT, SIGTERM}) {
    if (::sigaction(signal, &action, nullptr) != 0) throw_errno("sigaction for signal {}", signal);
  }
}

bool stop_requested() noexcept { return signals_seen > 0; }
bool stop_now() noexcept { return signals_seen > 1; }

}  // namespace ipcbench
