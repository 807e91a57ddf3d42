#pragma once

#include <pthread.h>
#include <semaphore.h>
#include <sys/sem.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "harness/sdk/wait_policy.h"

// These policies sleep on something other than a futex of their own: "shared memory plus a semaphore", measured as
// such.

namespace ipcbench {

namespace detail {

struct SleepsAtOnce {
  static constexpr bool kSleeps = true;
  bool spins_before_sleep() noexcept { return false; }
  void awake() noexcept {}
};

// Repeats a call that a signal has ended. Any other failure means that the object is gone, which a policy can't report;
// it aborts. A wait that returned would spin, and the measurement would bear a wrong name.
template <class Call>
void until_done(Call call) noexcept {
  while (!call()) {
    if (errno != EINTR) std::abort();
  }
}

}  // namespace detail

// PosixSemWait sleeps on a POSIX semaphore in the word's room, sem_overview(7).
struct PosixSemWait : detail::SleepsAtOnce {
  static constexpr bool kWakeStays = true;
  // Called by the side that sleeps there, before its peer may wake it. Throws std::system_error.
  static void init(WaitWord& word);
  static sem_t* object_of(std::uint32_t* word) noexcept {
    static_assert(sizeof(sem_t) <= sizeof(WaitWord::room) && alignof(sem_t) <= 8);
    return reinterpret_cast<sem_t*>(reinterpret_cast<WaitWord*>(word)->room);
  }

  void wait_while_equal(std::uint32_t* word, std::uint32_t) noexcept {
    detail::until_done([=]() noexcept { return ::sem_wait(object_of(word)) == 0; });
  }
  void wake(std::uint32_t* word) noexcept { ::sem_post(object_of(word)); }
};

// MutexCondWait sleeps on a condition variable with a process-shared, robust mutex, both in the word's room,
// pthread_cond_wait(3p). The word is what the condition is about.
struct MutexCondWait : detail::SleepsAtOnce {
  static constexpr bool kWakeStays = false;
  struct Object {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
  };
  // Called by the side that sleeps there, before its peer may wake it. Throws std::system_error.
  static void init(WaitWord& word);
  static Object& object_of(std::uint32_t* word) noexcept {
    static_assert(sizeof(Object) <= sizeof(WaitWord::room) && alignof(Object) <= 8);
    return *reinterpret_cast<Object*>(reinterpret_cast<WaitWord*>(word)->room);
  }

  void wait_while_equal(std::uint32_t* word, std::uint32_t seen) noexcept {
    Object& object = object_of(word);
    recover(object, ::pthread_mutex_lock(&object.mutex));
    const std::atomic_ref value(*word);
    while (value.load(std::memory_order_relaxed) == seen) {
      recover(object, ::pthread_cond_wait(&object.condition, &object.mutex));
    }
    ::pthread_mutex_unlock(&object.mutex);
  }
  void wake(std::uint32_t* word) noexcept {
    Object& object = object_of(word);
    // A side that saw the word before it changed holds the mutex until it sleeps.
    recover(object, ::pthread_mutex_lock(&object.mutex));
    ::pthread_mutex_unlock(&object.mutex);
    ::pthread_cond_signal(&object.condition);  // not under the mutex: the woken would only wait for it
  }

 private:
  // Recovers the mutex if its owner has died. It guards nothing but the word, which is always consistent.
  static void recover(Object& object, int error) noexcept {
    if (error == EOWNERDEAD) [[unlikely]] {
      ::pthread_mutex_consistent(&object.mutex);
    } else if (error != 0) [[unlikely]] {
      std::abort();
    }
  }
};

// sleeper() numbers the places where a side sleeps: by the role that writes the direction, and the role that sleeps.
inline constexpr std::size_t kSleepers = 4;
constexpr std::size_t sleeper(Role writer, Role sleeps) noexcept {
  return 2 * static_cast<std::size_t>(writer) + static_cast<std::size_t>(sleeps);
}

// SysvSemWait sleeps on a System V set with one semaphore for each sleeper, semop(2).
struct SysvSemWait : detail::SleepsAtOnce {
  static constexpr bool kWakeStays = true;
  int set;
  unsigned short sleeps_at;
  unsigned short wakes_at;

  void wait_while_equal(const std::uint32_t*, std::uint32_t) noexcept { change(sleeps_at, -1); }
  void wake(const std::uint32_t*) noexcept { change(wakes_at, 1); }

 private:
  void change(unsigned short number, short by) noexcept {
    sembuf operation{.sem_num = number, .sem_op = by, .sem_flg = 0};
    detail::until_done([&]() noexcept { return ::semop(set, &operation, 1) == 0; });
  }
};

// DescriptorWait sleeps on a counter (eventfd(2)) or a pipe for each sleeper. A side blocks reading from one descriptor
// and is woken by a write to another. Unit is what is read and written.
template <class Unit>
struct DescriptorWait : detail::SleepsAtOnce {
  static constexpr bool kWakeStays = true;
  int sleeps_at;
  int wakes_at;

  void wait_while_equal(const std::uint32_t*, std::uint32_t) noexcept {
    Unit taken;
    detail::until_done([&]() noexcept { return ::read(sleeps_at, &taken, sizeof taken) == sizeof taken; });
  }
  void wake(const std::uint32_t*) noexcept {
    const Unit one = 1;
    detail::until_done([&]() noexcept { return ::write(wakes_at, &one, sizeof one) == sizeof one; });
  }
};
struct EventfdWait : DescriptorWait<std::uint64_t> {};
struct PipeWait : DescriptorWait<char> {};

}  // namespace ipcbench
