#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "harness/base/cpu_relax.h"
#include "harness/measure/bytes.h"
#include "harness/measure/clock.h"
#include "harness/memory/futex.h"

namespace ipcbench {

// WaitWord is where a side sleeps, in shared memory. It has a pair of lines of its own, because x86 prefetches the
// neighbour of a line. Zeroed memory is an initial WaitWord.
struct alignas(2 * kCacheLine) WaitWord {
  std::uint32_t waits;             // 1: the side sleeps or is about to; cleared by who wakes it
  alignas(8) std::byte room[120];  // for what a policy sleeps on, if it isn't the word: a semaphore, a mutex and more
};

// A WaitPolicy is how a side of a shared-memory mechanism waits for its peer. The word is WaitWord::waits: the sleeper
// sets it to `seen` before it sleeps; the peer clears it before it calls wake(), once for each time it found it set. A
// policy that ignores the word and keeps wakes itself (a semaphore, a descriptor) therefore sees one wake for each
// sleep.
template <class W>
concept WaitPolicy = std::copy_constructible<W> && requires(W w, std::uint32_t* word, std::uint32_t seen) {
  {
    w.wait_while_equal(word, seen)
  } noexcept;  // may return spuriously, but never without having taken the wake where kWakeStays
  { w.wake(word) } noexcept;
  { W::kSleeps } -> std::convertible_to<bool>;     // false: the peer never needs wake()
  { W::kWakeStays } -> std::convertible_to<bool>;  // a wake that nobody sleeps for is kept until a sleep takes it
  {
    w.spins_before_sleep()
  } noexcept -> std::same_as<bool>;  // asked before each sleep: true = look again, don't sleep yet
  { w.awake() } noexcept;            // the wait is over: the next one starts afresh
};

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

// HybridWait spins for a given time, then sleeps on a futex: competitive spinning (Karlin, Manasse, McGeoch, Owicki
// 1994).
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
  // Reading the clock takes longer than looking, and a message that arrives meanwhile is seen late.
  static constexpr std::uint32_t kLooksPerReading = 16;

  Clock clock_;
  std::uint64_t spin_ns_;
  std::uint64_t since_ = 0;
  std::uint32_t looks_ = 0;
};

// wait_until() sleeps without losing a wake-up, and announce() makes no system call while nobody sleeps. The waiter
// sets its flag and then looks again; the peer changes the value and then looks at the flag (Dekker's pattern). All
// four accesses are seq_cst and so have one order. Either the waiter's second look sees the change and it doesn't
// sleep, or the peer sees the flag and wakes it. The flag is cleared before the wake, and futex_wait() compares it in
// the kernel: a wake between the second look and the sleep makes the sleep return at once.
template <WaitPolicy W, class Ready>
void wait_until(W& wait, WaitWord& word, Ready ready) noexcept {
  while (!ready()) {
    if (wait.spins_before_sleep()) continue;
    if constexpr (W::kSleeps) {
      const std::atomic_ref flag(word.waits);
      flag.store(1, std::memory_order_seq_cst);
      if (!ready()) {
        wait.wait_while_equal(&word.waits, 1);
        flag.store(0, std::memory_order_relaxed);  // after a spurious return nobody has cleared it
      } else if (flag.exchange(0) == 0 && W::kWakeStays) {
        wait.wait_while_equal(&word.waits, 1);  // the wake is under way and must not outlive this wait
      }
    }
  }
  wait.awake();
}

template <WaitPolicy W, class T>
void announce(W& wait, T& place, T value, WaitWord& word) noexcept {
  const std::atomic_ref ref(place);
  if constexpr (W::kSleeps) {
    ref.store(value, std::memory_order_seq_cst);
    const std::atomic_ref flag(word.waits);
    if (flag.load(std::memory_order_seq_cst) != 0 && flag.exchange(0) != 0) wait.wake(&word.waits);
  } else {
    ref.store(value, std::memory_order_release);
  }
}

}  // namespace ipcbench
