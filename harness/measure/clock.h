#pragma once

#include <cstdint>
#include <ctime>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace ipcbench {

enum class ClockKind : std::uint8_t { tsc, monotonic_raw };

// Clock is the measuring clock: plain data, chosen once by the coordinator and copied into every worker. Its ticks are
// TSC cycles or nanoseconds, by kind. Only differences mean something, and only between CPUs that passed the order
// test.
struct Clock {
  ClockKind kind = ClockKind::monotonic_raw;
  std::uint64_t ns_per_tick_q32 = std::uint64_t{1} << 32;  // nanoseconds per tick, 32.32 fixed point

  // Returns the ticks at the start of an interval: nothing before it is still under way when the clock is read.
  std::uint64_t begin() const noexcept {
#if defined(__x86_64__)
    if (kind == ClockKind::tsc) {
      _mm_lfence();
      return __rdtsc();
    }
#endif
    return raw();
  }

  // Returns the ticks at the end of an interval: read after all that precedes it and before anything that follows
  // (Paoloni, Intel white paper 324264, 2010).
  std::uint64_t end() const noexcept {
#if defined(__x86_64__)
    if (kind == ClockKind::tsc) {
      unsigned cpu;
      const std::uint64_t ticks = __rdtscp(&cpu);
      _mm_lfence();
      return ticks;
    }
#endif
    return raw();
  }

  // Converts a difference of under 2^63 ticks to whole nanoseconds, rounded down.
  std::uint64_t to_ns(std::uint64_t ticks) const noexcept {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(ticks) * ns_per_tick_q32) >> 32);
  }

  // Converts ns, under 2^63, to whole ticks, rounded up: the first tick at which so much time has passed. to_ns() gives
  // the ns back where a tick is no longer than one.
  std::uint64_t to_ticks(std::uint64_t ns) const noexcept {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(((static_cast<Wide>(ns) << 32) + ns_per_tick_q32 - 1) / ns_per_tick_q32);
  }

 private:
  static std::uint64_t raw() noexcept {
    timespec now;
    ::clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
  }
};

}  // namespace ipcbench
