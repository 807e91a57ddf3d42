// Claims 14 and 15: what does a signal carry, in which order are pending ones taken, and which can't be refused?
// signal(7). Every process here signals itself, so that nobody else's signals come between.

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <new>
#include <string>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "transports/facts/experiment.h"

namespace ipcbench {
namespace {

void block_all() noexcept {
  sigset_t all;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
}

// Returns the signals that may be pending one by one: none that comes from elsewhere, such as SIGTERM.
sigset_t ours() noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGUSR1, SIGUSR2, SIGRTMIN, SIGRTMIN + 1}) sigaddset(&set, signal);
  return set;
}

void send_self(int signal, std::uintptr_t value) {
  sigval carried{};
  carried.sival_ptr = reinterpret_cast<void*>(value);
  if (::sigqueue(::getpid(), signal, carried) != 0) throw_errno("sigqueue");
}

// Takes the next pending signal; returns 0 if there is none.
int take(siginfo_t& info) {
  const sigset_t set = ours();
  const timespec none{};
  const int signal = ::sigtimedwait(&set, &info, &none);
  if (signal < 0 && errno != EAGAIN) throw_errno("sigtimedwait");
  return signal < 0 ? 0 : signal;
}

std::uintptr_t value_of(const siginfo_t& info) noexcept { return reinterpret_cast<std::uintptr_t>(info.si_ptr); }

struct Carried {
  bool sender = false;          // of one sent with kill()
  std::uintptr_t by_queue = 0;  // the value that came of sigqueue()
};

Finding content_of_signal(const RunDir& run, int signal, bool real_time) {
  constexpr std::uintptr_t kValue = 0x0123456789abcdef & UINTPTR_MAX;
  const auto seen = seen_by_child<Carried>(run, [&](Carried& carried) {
    siginfo_t info{};
    block_all();
    if (::kill(::getpid(), signal) != 0) throw_errno("kill");
    take(info);
    carried.sender = info.si_code == SI_USER && info.si_pid == ::getpid() && info.si_uid == ::getuid();
    send_self(signal, kValue);
    if (take(info) == signal && info.si_code == SI_QUEUE) carried.by_queue = value_of(info);
  });
  const bool value = seen.by_queue == kValue;
  const std::string sender = seen.sender ? ", its sender's pid and uid" : "";
  const std::string evidence =
      fmt::format("kill: {}; sigqueue: {}", seen.sender ? "SI_USER with pid and uid" : "no sender",
                  value ? fmt::format("the value {:#x} arrived", kValue) : "no value");
  if (real_time) {
    return {"its number" + sender + (value ? ", a value" : ""), evidence,
            value ? FactAgreement::contradicts : FactAgreement::agrees};
  }
  return {"its number" + sender + (value ? "; by sigqueue() a value" : ""), evidence,
          seen.sender || value ? FactAgreement::partly : FactAgreement::agrees};
}

// Sends two signals, the lower number last, and takes both.
Finding priority_of_signals(const RunDir& run, int low, int high) {
  struct Taken {
    int first = 0;
    int second = 0;
  };
  const auto seen = seen_by_child<Taken>(run, [&](Taken& taken) {
    siginfo_t info{};
    block_all();
    send_self(high, 0);
    send_self(low, 0);
    taken.first = take(info);
    taken.second = take(info);
  });
  const std::string evidence = fmt::format("sent {} then {}, taken {} then {}", high, low, seen.first, seen.second);
  if (seen.first == low && seen.second == high) return {"the lowest number", evidence, FactAgreement::agrees};
  const bool in_order = seen.first == high && seen.second == low;
  return {in_order ? "the one sent first" : "neither rule", evidence,
          in_order ? FactAgreement::partly : FactAgreement::contradicts};
}

Finding queueing_of_signal(const RunDir& run, int signal) {
  struct Taken {
    int count = 0;
    bool in_order = true;
  };
  const auto seen = seen_by_child<Taken>(run, [&](Taken& taken) {
    siginfo_t info{};
    block_all();
    for (const std::uintptr_t value : {1u, 2u, 3u}) send_self(signal, value);
    for (std::uintptr_t last = 0; taken.count < 4 && take(info) == signal; last = value_of(info)) {
      ++taken.count;
      taken.in_order = taken.in_order && value_of(info) > last;
    }
  });
  const bool order = seen.count == 3 && seen.in_order;
  return {.answer = fmt::format("{} of 3{}", seen.count, order ? ", in the order sent" : ""),
          .evidence = seen.count == 1 ? "while one is pending, more of it merge with it"
                                      : fmt::format("{} were pending", seen.count),
          .agreement = order            ? FactAgreement::agrees
                       : seen.count > 0 ? FactAgreement::partly
                                        : FactAgreement::contradicts};
}

struct Refusal {
  int catching = 0;  // error numbers
  int ignoring = 0;
  bool survived_another = false;  // SIGTERM, refused in the same way
};

// Starts a child that refuses `signal` in every way, then sends it to itself. What becomes of the child is one of
// CLD_*.
Finding refusal_of_signal(const RunDir& run, int signal) {
  const Mapping shared = Mapping::shared_anonymous(sizeof(Refusal));
  Refusal& seen = *new (shared.data()) Refusal{};
  Child child = experimenter(run, [&] {
    const auto refuse = [](int number, sighandler_t by) {
      struct sigaction action {};
      action.sa_handler = by;
      return ::sigaction(number, &action, nullptr) == 0 ? 0 : errno;
    };
    seen.catching = refuse(signal, [](int) {});
    seen.ignoring = refuse(signal, SIG_IGN);
    refuse(SIGTERM, SIG_IGN);
    block_all();
    ::kill(::getpid(), SIGTERM);
    seen.survived_another = true;
    ::kill(::getpid(), signal);
  });
  siginfo_t end{};
  while (::waitid(P_PID, static_cast<id_t>(child.pid()), &end, WEXITED | WSTOPPED | WNOWAIT) != 0) {
    if (errno != EINTR) throw_errno("waitid");
  }
  const bool refused = end.si_code == CLD_EXITED || seen.catching == 0 || seen.ignoring == 0;
  return yes_or_no(refused || !seen.survived_another, false,
                   fmt::format("sigaction: {}; blocked as well, it {} the process",
                               seen.catching == 0 ? "done" : std::strerror(seen.catching),
                               end.si_code == CLD_EXITED    ? "didn't touch"
                               : end.si_code == CLD_STOPPED ? "stopped"
                                                            : "killed"));
}

}  // namespace

std::vector<Experiment> signal_experiments() {
  constexpr const char* kContent = "What does one carry?";
  constexpr const char* kPriority = "Of several pending ones, which is taken first?";
  constexpr const char* kQueueing = "Sent three times before it is taken, how many are taken?";
  return {{"14", "signal", kContent, [](RunDir& run) { return content_of_signal(run, SIGUSR1, false); }},
          {"14", "rt-signal", kContent, [](RunDir& run) { return content_of_signal(run, SIGRTMIN, true); }},
          {"14", "signal", kPriority, [](RunDir& run) { return priority_of_signals(run, SIGUSR1, SIGUSR2); }},
          {"14", "rt-signal", kPriority, [](RunDir& run) { return priority_of_signals(run, SIGRTMIN, SIGRTMIN + 1); }},
          {"14", "signal", kQueueing, [](RunDir& run) { return queueing_of_signal(run, SIGUSR1); }},
          {"14", "rt-signal", kQueueing, [](RunDir& run) { return queueing_of_signal(run, SIGRTMIN); }},
          {"15", "signal", "Can SIGKILL be caught, ignored or blocked?",
           [](RunDir& run) { return refusal_of_signal(run, SIGKILL); }},
          {"15", "signal", "Can SIGSTOP be caught, ignored or blocked?",
           [](RunDir& run) { return refusal_of_signal(run, SIGSTOP); }}};
}

}  // namespace ipcbench
