#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "harness/measure/bytes.h"
#include "harness/measure/clock.h"
#include "harness/os/futex.h"

namespace ipcbench {

// Where a side sleeps, in shared memory, on a pair of lines of its own (x86 prefetches the neighbour of a line). Zeroed
// at first.
struct alignas(2 * kCacheLine) WaitWord {
  std::uint32_t waits;             // 1: the side sleeps or is about to; cleared by who wakes it
  alignas(8) std::byte room[120];  // for what a policy sleeps on, if it isn't the word: a semaphore, a mutex and more
};

// How a side of a shared-memory mechanism waits for its peer. The word is WaitWord::waits: the sleeper sets it to
// `seen` before it sleeps, the peer clears it before it calls wake(), once for each time it found it set. So a policy
// that ignores the word and passes wakes on by itself (a semaphore, a descriptor) sees one wake for each sleep.
template <class W>
concept WaitPolicy = std::copy_constructible<W> && requires(W w, std::uint32_t* word, std::uint32_t seen) {
  { w.wait_while_equal(word, seen) }
  noexcept;  // may return spuriously, but never without having taken the wake where kWakeStays
  { w.wake(word) }
  noexcept;
  { W::kSleeps } -> std::convertible_to<bool>;     // false: the peer never needs wake()
  { W::kWakeStays } -> std::convertible_to<bool>;  // a wake that nobody sleeps for is kept until a sleep takes it
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
  static constexpr bool kWakeStays = false;
  void wait_while_equal(const std::uint32_t*, std::uint32_t) noexcept {}
  void wake(const std::uint32_t*) noexcept {}
  bool spins_before_sleep() noexcept {
    cpu_relax();
    return true;
  }
  void awake() noexcept {}
};

struct FutexWait {
  static constexpr bool kSleeps = true;
  static constexpr bool kWakeStays = false;
  void wait_while_equal(const std::uint32_t* word, std::uint32_t seen) noexcept { futex_wait(word, seen); }
  void wake(const std::uint32_t* word) noexcept { futex_wake(word, 1); }
  bool spins_before_sleep() noexcept { return false; }
  void awake() noexcept {}
};

// Spins for a given time, then sleeps on a futex (competitive spinning: Karlin, Manasse, McGeoch, Owicki 1994).
class HybridWait {
 public:
  static constexpr bool kSleeps = true;
  static constexpr bool kWakeStays = false;
  HybridWait(const Clock& clock, std::uint64_t spin_ns) noexcept : clock_(clock), spin_ns_(spin_ns) {}
  void wait_while_equal(const std::uint32_t* word, std::uint32_t seen) noexcept { futex_wait(word, seen); }
  void wake(const std::uint32_t* word) noexcept { futex_wake(word, 1); }
  bool spins_before_sleep() noexcept {
    cpu_relax();
    if (looks_++ % kLooksPerReading != 0) return true;
    const std::uint64_t now = clock_.begin();
    if (looks_ == 1) since_ = now;
    return clock_.to_ns(now - since_) < spin_ns_;
  }
  void awake() noexcept { looks_ = 0; }

 private:
  // Reading the clock takes longer than looking; between two readings a message would not be seen.
  static constexpr std::uint32_t kLooksPerReading = 16;

  Clock clock_;
  std::uint64_t spin_ns_;
  std::uint64_t since_ = 0;
  std::uint32_t looks_ = 0;
};

}  // namespace ipcbench
