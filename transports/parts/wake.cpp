#include "transports/parts/wake.h"

#include <fcntl.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include <fmt/core.h>

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

WakeObjects::WakeObjects(Wake wake, RunDir& run_dir) {
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

void WakeObjects::add_to(Ticket& ticket) const {
  if (semaphores_) ticket.text["wake"] = fmt::format("{}", semaphores_->key());
  for (std::size_t i = 0; i < kSleepers; ++i) {
    if (in_[i]) ticket.descriptors[fmt::format("wake-in-{}", i)] = copy_of(in_[i]);
    if (out_[i]) ticket.descriptors[fmt::format("wake-out-{}", i)] = copy_of(out_[i]);
  }
}

void WakeObjects::remove() noexcept {
  for (UniqueFd& fd : in_) fd.reset();
  for (UniqueFd& fd : out_) fd.reset();
}

SeatWakes::SeatWakes(Wake wake, Ticket& ticket) : wake_(wake) {
  if (wake == Wake::sysv_sem) set_ = SysvSem::open(key_in(ticket, "wake"));
  for (std::size_t i = 0; i < kSleepers; ++i) {
    if (wake == Wake::eventfd || wake == Wake::pipe) in_[i] = ticket.take(fmt::format("wake-in-{}", i));
    if (wake == Wake::pipe) out_[i] = ticket.take(fmt::format("wake-out-{}", i));
  }
}

template <>
EventfdWait SeatWakes::policy(Role writer, Role self) const {
  EventfdWait wait;
  wait.sleeps_at = in_[sleeper(writer, self)].get();
  wait.wakes_at = in_[sleeper(writer, other(self))].get();
  return wait;
}

template <>
PipeWait SeatWakes::policy(Role writer, Role self) const {
  PipeWait wait;
  wait.sleeps_at = in_[sleeper(writer, self)].get();
  wait.wakes_at = out_[sleeper(writer, other(self))].get();
  return wait;
}

template <>
SysvSemWait SeatWakes::policy(Role writer, Role self) const {
  SysvSemWait wait;
  wait.set = set_;
  wait.sleeps_at = static_cast<unsigned short>(sleeper(writer, self));
  wait.wakes_at = static_cast<unsigned short>(sleeper(writer, other(self)));
  return wait;
}

}  // namespace ipcbench
