// Claims 16 and 17: what does a semaphore's first value make of it, and what does SEM_UNDO do? sem_overview(7),
// semop(2).

#include <semaphore.h>
#include <sys/ipc.h>
#include <sys/sem.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <new>
#include <stdexcept>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/ipc/sysv_sem.h"
#include "harness/memory/mapping.h"
#include "transports/facts/experiment.h"

namespace ipcbench {
namespace {

// AnySemaphore is a System V or POSIX semaphore, for processes forked after it was made.
class AnySemaphore {
 public:
  virtual ~AnySemaphore() = default;
  virtual bool try_take() = 0;
  virtual void take() = 0;
  virtual void give() = 0;
};

class SysvOne final : public AnySemaphore {
 public:
  SysvOne(RunDir& run, int value) : set_(run, 1), id_(set_.open()) {
    if (::semctl(id_, 0, SETVAL, value) != 0) throw_errno("semctl SETVAL");
  }
  bool try_take() override { return change(-1, IPC_NOWAIT); }
  void take() override { change(-1, 0); }
  void give() override { change(1, 0); }

  bool change(short by, int flags) const {
    sembuf operation{.sem_num = 0, .sem_op = by, .sem_flg = static_cast<short>(flags)};
    if (::semop(id_, &operation, 1) == 0) return true;
    if (errno != EAGAIN) throw_errno("semop");
    return false;
  }
  int value() const { return ::semctl(id_, 0, GETVAL); }

 private:
  SysvSem set_;
  int id_;
};

class PosixOne final : public AnySemaphore {
 public:
  explicit PosixOne(int value) {
    if (::sem_init(semaphore(), 1, static_cast<unsigned>(value)) != 0) throw_errno("sem_init");
  }
  bool try_take() override {
    if (::sem_trywait(semaphore()) == 0) return true;
    if (errno != EAGAIN) throw_errno("sem_trywait");
    return false;
  }
  void take() override {
    if (::sem_wait(semaphore()) != 0) throw_errno("sem_wait");
  }
  void give() override {
    if (::sem_post(semaphore()) != 0) throw_errno("sem_post");
  }

 private:
  sem_t* semaphore() const noexcept { return reinterpret_cast<sem_t*>(memory_.data()); }
  Mapping memory_ = Mapping::shared_anonymous(sizeof(sem_t));
};

bool taken_by_another(const RunDir& run, AnySemaphore& semaphore) {
  return seen_by_child<bool>(run, [&](bool& taken) { taken = semaphore.try_take(); });
}

Finding as_mutex(const RunDir& run, AnySemaphore& semaphore) {
  if (!semaphore.try_take()) return yes_or_no(false, true, "not even the first process could take it");
  const bool while_held = taken_by_another(run, semaphore);
  semaphore.give();
  const bool when_free = taken_by_another(run, semaphore);
  return yes_or_no(!while_held && when_free, true,
                   fmt::format("another process {} take it while it was held, and {} once it was given back",
                               while_held ? "could" : "couldn't", when_free ? "could" : "couldn't"));
}

struct Handover {
  std::atomic<bool> happened = false;
  bool passed_early = false;
  bool saw_it = false;
};

Finding as_synchroniser(const RunDir& run, AnySemaphore& semaphore) {
  const Mapping shared = Mapping::shared_anonymous(sizeof(Handover));
  Handover& handover = *new (shared.data()) Handover{};
  const Starter tried;
  Child waiter = experimenter(run, [&] {
    handover.passed_early = semaphore.try_take();
    tried.start();
    semaphore.take();
    handover.saw_it = handover.happened;
  });
  tried.wait();
  handover.happened = true;
  semaphore.give();
  expect_clean_end(waiter);
  return yes_or_no(!handover.passed_early && handover.saw_it, true,
                   fmt::format("a process that took it {} before the other gave it, and then {} what had been done "
                               "before",
                               handover.passed_early ? "went on" : "didn't go on", handover.saw_it ? "saw" : "missed"));
}

int value_after_death(RunDir& run, int flags) {
  const SysvOne semaphore(run, 1);
  Child holder = experimenter(run, [&] {
    if (semaphore.change(-1, flags)) die();
  });
  if (end_of(holder).signal != SIGKILL) throw std::runtime_error("the holder couldn't take the semaphore");
  return semaphore.value();
}

Finding undoing(RunDir& run) {
  const int with = value_after_death(run, SEM_UNDO);
  const int without = value_after_death(run, 0);
  return yes_or_no(
      with == 1 && without == 0, true,
      fmt::format("taken from 1 by a process that was then killed: {} with SEM_UNDO, {} without", with, without));
}

}  // namespace

std::vector<Experiment> semaphore_experiments() {
  constexpr const char* kMutex = "Initialised to 1, does it let in one process at a time?";
  constexpr const char* kSynchroniser = "Initialised to 0, does it hold a process until another has come so far?";
  const auto sysv = [](Finding (*find)(const RunDir&, AnySemaphore&), int value) {
    return [find, value](RunDir& run) {
      SysvOne semaphore(run, value);
      return find(run, semaphore);
    };
  };
  const auto posix = [](Finding (*find)(const RunDir&, AnySemaphore&), int value) {
    return [find, value](RunDir& run) {
      PosixOne semaphore(value);
      return find(run, semaphore);
    };
  };
  return {{"16", "sysv-sem", kMutex, sysv(as_mutex, 1)},
          {"16", "sysv-sem", kSynchroniser, sysv(as_synchroniser, 0)},
          {"16", "posix-sem", kMutex, posix(as_mutex, 1)},
          {"16", "posix-sem", kSynchroniser, posix(as_synchroniser, 0)},
          {"17", "sysv-sem", "Taken with SEM_UNDO, is it given back when its holder is killed?", undoing}};
}

}  // namespace ipcbench
