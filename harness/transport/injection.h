#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/measure/clock.h"

// A known slowdown, put into one transport's endpoints on purpose: how the power of a comparison is measured. Only in
// builds with the CMake option IPCBENCH_INJECTION; what is measured otherwise has no trace of it.

namespace ipcbench {

inline constexpr const char* kInjectionVariable = "IPCBENCH_INJECT";

// Before each message that a side sends.
struct Injection {
  std::string transport;
  std::uint64_t wait_ns = 0;  // a busy wait
  bool calls = false;         // one more system call, getppid(2)
};

// "pipe:+400ns" or "pipe:+syscall". Throws UsageError for another syntax, an unknown transport, or more than 1 s.
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

// In the coordinator, before it forks: sets injected_delay() for a launch of `transport`, by the environment.
void inject_into(std::string_view transport, const Clock& clock);

#endif

}  // namespace ipcbench
