#pragma once

#include "harness/measure/clock.h"
#include "harness/os/futex.h"

#include <atomic>
#include <concepts>
#include <cstdint>

namespace ipcbench {

// How a side of a shared-memory mechanism waits for a word that its peer will change.
template <class W>
concept WaitPolicy = requires(W w, const std::uint32_t* word, std::uint32_t seen) {
  { w.wait_while_equal(word, seen) }
  noexcept;  // may return spuriously
  { w.wake(word) }
  noexcept;
  { W::kSleeps } -> std::convertible_to<bool>;  // false: the peer never needs wake()
  { w.spins_before_sleep() }
  noexcept->std::same_as<bool>;  // asked before each sleep: true = look again, don't sleep yet
  { w.awake() }
  noexcept;  // the wait is over: the next one starts afresh
};

inline void cpu_relax() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

struct SpinWait {
  static constexpr bool kSleeps = false;
  void wait_while_equal(const std::uint32_t*, std::uint32_t) noexcept { cpu_relax(); }
  void wake(const std::uint32_t*) noexcept {}
  bool spins_before_sleep() noexcept { return true; }
  void awake() noexcept {}
};

struct FutexWait {
  static constexpr bool kSleeps = true;
  void wait_while_equal(const std::uint32_t* word, std::uint32_t seen) noexcept { futex_wait(word, seen); }
  void wake(const std::uint32_t* word) noexcept { futex_wake(word, 1); }
  bool spins_before_sleep() noexcept { return false; }
  void awake() noexcept {}
};

// Spins for a given time, then sleeps on a futex (competitive spinning: Karlin, Manasse, McGeoch, Owicki 1994).
class HybridWait {
 public:
  static constexpr bool kSleeps = true;
  HybridWait(const Clock& clock, std::uint64_t spin_ns) noexcept : clock_(clock), spin_ns_(spin_ns) {}
  void wait_while_equal(const std::uint32_t* word, std::uint32_t seen) noexcept { futex_wait(word, seen); }
  void wake(const std::uint32_t* word) noexcept { futex_wake(word, 1); }
  bool spins_before_sleep() noexcept {
    const std::uint64_t now = clock_.begin();
    if (since_ == 0) since_ = now;
    cpu_relax();
    return clock_.to_ns(now - since_) < spin_ns_;
  }
  void awake() noexcept { since_ = 0; }

 private:
  Clock clock_;
  std::uint64_t spin_ns_;
  std::uint64_t since_ = 0;
};

}  // namespace ipcbench
