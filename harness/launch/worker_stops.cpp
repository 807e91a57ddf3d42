#include "harness/launch/worker_stops.h"

#include <sys/timerfd.h>
#include <sys/wait.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "harness/base/error.h"
#include "harness/base/unique_fd.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kLookEveryNs = 10'000'000;

// Alarm is a timer that is waited for as a descriptor, to the microsecond where poll() counts milliseconds.
class Alarm {
 public:
  Alarm() : timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)) {
    if (!timer_) throw_errno("timerfd_create");
  }
  // Returns the descriptor, which becomes readable after `ns`, more than 0: that would disarm the timer.
  int after(std::uint64_t ns) {
    constexpr std::uint64_t kSecond = 1'000'000'000;
    itimerspec when{};
    when.it_value = {.tv_sec = static_cast<time_t>(ns / kSecond), .tv_nsec = static_cast<long>(ns % kSecond)};
    if (::timerfd_settime(timer_.get(), 0, &when, nullptr) != 0) throw_errno("timerfd_settime");
    return timer_.get();
  }

 private:
  UniqueFd timer_;
};

void send(pid_t pid, int signal) {
  if (::kill(pid, signal) != 0) throw_errno("kill process {} with signal {}", pid, signal);
}

// Waits until the kernel has stopped a child; false if it has ended instead. Whoever reaps it still sees its end.
bool until_stopped(pid_t pid) {
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WEXITED | WNOWAIT) != 0) {
    if (errno != EINTR) throw_errno("waitid of process {}", pid);
  }
  return info.si_code == CLD_STOPPED;
}

}  // namespace

std::vector<WorkerStop> stop_worker(const WorkerStops& asked, const Child& worker, RunLog& log, const Clock& clock,
                                    const std::function<bool(int)>& until_readable) {
  Alarm alarm;
  std::uint64_t begin = 0;
  while ((begin = std::atomic_ref(log.block_begin).load(std::memory_order_relaxed)) == 0) {
    if (!until_readable(alarm.after(kLookEveryNs))) return {};
  }
  const auto now_ns = [&] {
    const std::uint64_t now = clock.end();
    return now > begin ? clock.to_ns(now - begin) : 0;
  };
  // Sleeps until the block has lasted so long; false if the launch is over.
  const auto sleep_until = [&](std::uint64_t due_ns) {
    for (std::uint64_t now = now_ns(); now < due_ns; now = now_ns()) {
      if (!until_readable(alarm.after(due_ns - now))) return false;
    }
    return true;
  };
  std::vector<WorkerStop> stops;
  for (std::size_t i = 0; i < asked.count; ++i) {
    const auto due = asked.first + static_cast<std::int64_t>(i) * asked.period;
    if (!sleep_until(static_cast<std::uint64_t>(due.count()))) break;
    WorkerStop stop{.begin_ns = now_ns()};
    send(worker.pid(), SIGSTOP);
    if (!until_stopped(worker.pid())) break;
    stop.seen_ns = now_ns();
    const bool goes_on = sleep_until(stop.begin_ns + static_cast<std::uint64_t>(asked.length.count()));
    stop.end_ns = now_ns();
    send(worker.pid(), SIGCONT);
    stops.push_back(stop);
    if (!goes_on) break;
  }
  return stops;
}

}  // namespace ipcbench
