#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/measure/clock.h"

// A known slowdown, put into one transport's endpoints or into the measuring loops on purpose. It shows what a
// comparison, or the self-test, catches. It exists only in builds with the CMake option IPCBENCH_INJECTION.

namespace ipcbench {

inline constexpr const char* kInjectionVariable = "IPCBENCH_INJECT";
// In a transport's place: the loops of all transports, the hidden ones too, are slowed down, and no endpoint is.
inline constexpr std::string_view kInjectIntoHarness = "harness";

// An injection happens before each message that a side sends; kInjectIntoHarness happens once in every measured op.
struct Injection {
  std::string transport;
  std::uint64_t wait_ns = 0;  // a busy wait
  bool calls = false;         // one more system call, getppid(2)
};

// "pipe:+400ns", "pipe:+syscall". Throws UsageError for another syntax, an unknown transport, or more than 1 s.
Injection parse_injection(std::string_view text);

// For the start of the program. Throws UsageError if the environment asks for what can't be parsed, or for anything in
// a build that can't inject.
void check_injection();

#if defined(IPCBENCH_INJECTION)

// What the workers of this launch do before each message; plain, read by them after the fork.
struct InjectedDelay {
  std::uint64_t wait_ns = 0;
  bool calls = false;
  Clock clock;
  std::uint64_t overhead_ns = 0;  // what a wait takes longer than it is told to

  void happen() const noexcept;
};
InjectedDelay& injected_delay() noexcept;

// The delay of the measuring loops: the measuring side makes it once in every round trip or message of a stream.
inline InjectedDelay injected_into_harness;

// In the coordinator, before it forks: sets both for a launch of `transport`, by the environment.
void inject_into(std::string_view transport, const Clock& clock);

#endif

}  // namespace ipcbench
