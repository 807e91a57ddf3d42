#include "scenarios/stall_timer.h"

#include <sys/resource.h>
#include <sys/time.h>

#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <ctime>

#include "harness/sdk/stall_patience.h"

namespace ipcbench {
namespace {

constexpr suseconds_t kPeriodUs = 250;
constexpr int kStall = 6;        // periods without progress
constexpr int kEarlyStall = 40;  // before the likely end

sigjmp_buf start;
volatile const std::uint64_t* counted = nullptr;
std::uint64_t seen = 0;
std::uint64_t likely_end = 0;
int periods = 0;
int busy = 0;                  // periods in which the sender was at work on the same message
std::int64_t cpu_seen_ns = 0;  // when the period began
long sleeps_seen = 0;

std::int64_t cpu_time_ns() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

long sleeps() noexcept {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_nvcsw;
}

// Returns whether the process has run in this period, beyond what the timer and its signal take.
bool has_run() noexcept {
  constexpr std::int64_t kOfATimer = 50'000;
  return cpu_time_ns() - cpu_seen_ns > kOfATimer;
}

// Returns whether the process has gone to sleep in this period.
bool has_slept() noexcept { return sleeps() != sleeps_seen; }

void set_timer(suseconds_t period) noexcept {
  const itimerval timer{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = period}};
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

// A host that is late with everything could expire a periodic timer before the sender has run: each look sets the next,
// last of all.
void begin_period() noexcept {
  sleeps_seen = sleeps();
  cpu_seen_ns = cpu_time_ns();
  set_timer(kPeriodUs);
}

void look(int) {
  const std::uint64_t now = *counted;
  const bool slept = has_slept();
  const bool ran = has_run();
  if (now != seen) {
    periods = busy = 0;
  } else if (ran && busy < stall_patience()) {
    ++busy;
    periods = 0;
  } else if (slept || ran) {
    ++periods;
  }
  seen = now;
  if (periods >= (now < likely_end ? kEarlyStall : kStall)) ::siglongjmp(start, 1);
  begin_period();
}

void watch(const std::uint64_t& count, std::uint64_t likely) noexcept {
  counted = &count;
  likely_end = likely;
  seen = count;
  periods = busy = 0;
}

}  // namespace

void run_until_stall(const std::uint64_t& count, std::uint64_t likely, void (*body)(void*), void* context) noexcept {
  watch(count, likely);
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = look;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGALRM, &action, &before);
  if (sigsetjmp(start, 1) == 0) {
    begin_period();
    body(context);
  }
  set_timer(0);
  ::sigaction(SIGALRM, &before, nullptr);
}

}  // namespace ipcbench
