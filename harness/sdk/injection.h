#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/measure/clock.h"

// Injection slows down one transport's endpoints, or the measuring loops, by a known amount. It shows what a
// comparison, or the self-test, detects. It exists only in builds with the CMake option IPCBENCH_INJECTION.

namespace ipcbench {

inline constexpr const char* kInjectionVariable = "IPCBENCH_INJECT";
// Stands in place of a transport's name: the loops of all transports, hidden ones included, are slowed down, and no
// endpoint is.
inline constexpr std::string_view kInjectIntoHarness = "harness";

// An Injection delays each message that a side sends; with kInjectIntoHarness it delays each measured op once.
struct Injection {
  std::string transport;
  std::uint64_t wait_ns = 0;  // a busy wait
  bool calls = false;         // one more system call, getppid(2)
};

// Parses "pipe:+400ns" or "pipe:+syscall". Throws UsageError for another syntax, an unknown transport, or more than 1
// s.
Injection parse_injection(std::string_view text);

// Checks the environment at the start of the program. Throws UsageError if kInjectionVariable can't be parsed, or if it
// is set in a build without injection.
void check_injection();

#if defined(IPCBENCH_INJECTION)

// InjectedDelay is what this launch's workers do before each message. It is plain data, set before the fork and read
// after it.
struct InjectedDelay {
  std::uint64_t wait_ns = 0;
  bool calls = false;
  Clock clock;
  std::uint64_t overhead_ns = 0;  // what a wait takes longer than it is told to

  void happen() const noexcept;
};
InjectedDelay& injected_delay() noexcept;

// The delay of the measuring loops: the measuring side adds it to every round trip, or to every message of a stream.
inline InjectedDelay injected_into_harness;

// Sets both delays for a launch of `transport` from the environment. The coordinator calls it before it forks. Throws
// UsageError as parse_injection() does.
void inject_into(std::string_view transport, const Clock& clock);

#endif

}  // namespace ipcbench
