#include "scenarios/stall_timer.h"

#include <sys/resource.h>
#include <sys/time.h>

#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <utility>

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
int busy = 0;  // periods in which the sender was at work on the same message
std::int64_t cpu_seen_ns = 0;
long sleeps_seen = 0;

// Returns whether the process has run since the last call, beyond what the call itself takes.
bool has_run() noexcept {
  constexpr std::int64_t kOfALook = 50'000;
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  const std::int64_t cpu_ns = std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  const bool ran = cpu_ns - cpu_seen_ns > kOfALook;
  cpu_seen_ns = cpu_ns;
  return ran;
}

// Returns whether the process has gone to sleep since the last call.
bool has_slept() noexcept {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return std::exchange(sleeps_seen, usage.ru_nvcsw) != usage.ru_nvcsw;
}

void set_timer(suseconds_t period) noexcept {
  const itimerval timer{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = period}};
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

// A host that is late with everything could expire a periodic timer before the sender has run: each look sets the next.
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
  set_timer(kPeriodUs);
}

void watch(const std::uint64_t& count, std::uint64_t likely) noexcept {
  counted = &count;
  likely_end = likely;
  seen = count;
  periods = busy = 0;
  has_slept();
  has_run();
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
    set_timer(kPeriodUs);
    body(context);
  }
  set_timer(0);
  ::sigaction(SIGALRM, &before, nullptr);
}

}  // namespace ipcbench
