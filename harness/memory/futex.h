#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdint>

namespace ipcbench {

// futex_wait() and futex_wake() work on shared futexes (futex(2) without FUTEX_PRIVATE_FLAG), between processes, where
// std::atomic::wait doesn't. They only sleep and wake; the word's owner accesses it by std::atomic_ref or std::atomic.

// Sleeps while *word == seen. May return spuriously (signal, another wake).
inline void futex_wait(const std::uint32_t* word, std::uint32_t seen) noexcept {
  ::syscall(SYS_futex, word, FUTEX_WAIT, seen, nullptr, nullptr, 0);
}

inline void futex_wake(const std::uint32_t* word, int waiters = INT_MAX) noexcept {
  ::syscall(SYS_futex, word, FUTEX_WAKE, waiters, nullptr, nullptr, 0);
}

// Returns whether the kernel has futex_waitv(2), which sleeps on several words (Linux 5.16). It refuses none at once.
inline bool has_futex_waitv() noexcept {
  return ::syscall(SYS_futex_waitv, nullptr, 0, 0, nullptr, 0) < 0 && errno == EINVAL;
}

}  // namespace ipcbench
