#include "transports/parts/wake.h"

#include <fcntl.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "harness/base/error.h"

namespace ipcbench {
namespace {

void check(int error, const char* call) {
  errno = error;
  if (error != 0) throw_errno("{}", call);
}

}  // namespace

void PosixSemWait::init(WaitWord& word) {
  if (::sem_init(object_of(&word.waits), 1, 0) != 0) throw_errno("sem_init for two processes");
}

void MutexCondWait::init(WaitWord& word) {
  Object& object = object_of(&word.waits);
  pthread_mutexattr_t mutex;
  pthread_condattr_t condition;
  check(::pthread_mutexattr_init(&mutex), "pthread_mutexattr_init");
  check(::pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED), "pthread_mutexattr_setpshared");
  check(::pthread_mutexattr_setrobust(&mutex, PTHREAD_MUTEX_ROBUST), "pthread_mutexattr_setrobust");
  check(::pthread_mutex_init(&object.mutex, &mutex), "pthread_mutex_init");
  check(::pthread_condattr_init(&condition), "pthread_condattr_init");
  check(::pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED), "pthread_condattr_setpshared");
  check(::pthread_cond_init(&object.condition, &condition), "pthread_cond_init");
}

Wake parse_wake(std::string_view name) {
  const auto* const found = std::find(kWakeNames.begin(), kWakeNames.end(), name);
  if (found == kWakeNames.end()) throw std::out_of_range("no such wake");
  return static_cast<Wake>(found - kWakeNames.begin());
}

WakeObjects::WakeObjects(Wake wake, RunDir& run_dir) : wake_(wake) {
  if (wake == Wake::sysv_sem) semaphores_.emplace(run_dir, static_cast<int>(kSleepers));
  if (wake != Wake::eventfd && wake != Wake::pipe) return;
  for (std::size_t i = 0; i < kSleepers; ++i) {
    if (wake == Wake::eventfd) {
      in_[i].reset(::eventfd(0, EFD_CLOEXEC));
      if (!in_[i]) throw_errno("eventfd");
      continue;
    }
    std::array<int, 2> ends;
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("pipe2");
    in_[i].reset(ends[0]);
    out_[i].reset(ends[1]);
  }
}

// The descriptors stay the session's, which lives as long as its worker. Both ends of a pipe are open on both sides, so
// a peer's death shows as with any other wake: by silence.
template <>
EventfdWait WakeObjects::policy(Role writer, Role self) const {
  EventfdWait wait;
  wait.sleeps_at = in_[sleeper(writer, self)].get();
  wait.wakes_at = in_[sleeper(writer, other(self))].get();
  return wait;
}

template <>
PipeWait WakeObjects::policy(Role writer, Role self) const {
  PipeWait wait;
  wait.sleeps_at = in_[sleeper(writer, self)].get();
  wait.wakes_at = out_[sleeper(writer, other(self))].get();
  return wait;
}

template <>
SysvSemWait WakeObjects::policy(Role writer, Role self) const {
  SysvSemWait wait;
  wait.set = semaphores_.value().open();
  wait.sleeps_at = static_cast<unsigned short>(sleeper(writer, self));
  wait.wakes_at = static_cast<unsigned short>(sleeper(writer, other(self)));
  return wait;
}

void WakeObjects::remove() noexcept {
  for (UniqueFd& fd : in_) fd.reset();
  for (UniqueFd& fd : out_) fd.reset();
}

}  // namespace ipcbench
