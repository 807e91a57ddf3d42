// Claim 17, asked of other locks: what does the next one see when a lock's holder was killed?
// pthread_mutexattr_setrobust(3), sem_overview(7), futex(2), fcntl(2), flock(2). The claim is of SEM_UNDO; of these the
// manual pages say it.

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/file.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/memory/mapping.h"
#include "harness/memory/robust_mutex.h"
#include "harness/run_dir/owned_path.h"
#include "transports/facts/experiment.h"

namespace ipcbench {
namespace {

// Kills a process that has taken a lock. Then another one tries to take it, without waiting: what nobody will give back
// would keep it for ever. `take()` returns 0, or the error number that kept it from the lock.
template <class Take>
int next_after_the_dead(RunDir& run, Take take) {
  Child holder = experimenter(run, [&] {
    if ((errno = take()) != 0) throw_errno("take the lock");
    die();
  });
  if (end_of(holder).signal != SIGKILL) throw std::runtime_error("the holder couldn't take the lock");
  return seen_by_child<int>(run, [&](int& error) { error = take(); });
}

Finding given_back(int error, bool claimed) {
  const std::string seen = error == 0 ? "took it" : fmt::format("was refused it ({})", std::strerror(error));
  return yes_or_no(error == 0, claimed, fmt::format("the next process {} when its holder was dead", seen));
}

// The holder may have been in the middle of its work: who gets the mutex is told, and repairs what it guards.
Finding after_a_mutexs_holder(RunDir& run, bool is_robust) {
  if (is_robust && !knows_robust_mutexes()) throw std::runtime_error("the kernel knows no robust mutexes");
  const Mapping shared = Mapping::shared_anonymous(sizeof(pthread_mutex_t));
  auto* mutex = new (shared.data()) pthread_mutex_t;
  pthread_mutexattr_t attributes;
  ::pthread_mutexattr_init(&attributes);
  ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  if (is_robust) ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  errno = ::pthread_mutex_init(mutex, &attributes);
  ::pthread_mutexattr_destroy(&attributes);
  if (errno != 0) throw_errno("pthread_mutex_init");
  const int error = next_after_the_dead(run, [&] { return ::pthread_mutex_trylock(mutex); });
  if (error != EOWNERDEAD) return given_back(error, is_robust);
  return yes_or_no(true, is_robust, "the next process took it, and was told that its owner had died (EOWNERDEAD)");
}

Finding after_a_semaphores_holder(RunDir& run) {
  const Mapping shared = Mapping::shared_anonymous(sizeof(sem_t));
  auto* const semaphore = reinterpret_cast<sem_t*>(shared.data());
  if (::sem_init(semaphore, 1, 1) != 0) throw_errno("sem_init");
  return given_back(next_after_the_dead(run, [&] { return ::sem_trywait(semaphore) == 0 ? 0 : errno; }), false);
}

Finding after_a_words_holder(RunDir& run) {
  const Mapping shared = Mapping::shared_anonymous(sizeof(std::uint32_t));
  const std::atomic_ref word(*reinterpret_cast<std::uint32_t*>(shared.data()));
  const auto take = [&] {
    std::uint32_t free = 0;
    return word.compare_exchange_strong(free, 1) ? 0 : EBUSY;
  };
  return given_back(next_after_the_dead(run, take), false);
}

// Each process opens the file itself: locks of an open file are common to all who have inherited it.
template <class Lock>
Finding after_a_files_holder(RunDir& run, Lock lock) {
  const OwnedPath path(run.claim_name(RunDir::Kind::file, "facts"));
  if (!UniqueFd(::open(path.str().c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)))
    throw_errno("open {}", path.str());
  const auto take = [&] {
    const int fd = ::open(path.str().c_str(), O_RDWR | O_CLOEXEC);  // stays open until the process ends
    return fd >= 0 && lock(fd) == 0 ? 0 : errno;
  };
  return given_back(next_after_the_dead(run, take), true);
}

int lock_record(int fd, int command) {
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_len = 1;
  return ::fcntl(fd, command, &range);
}

}  // namespace

std::vector<Experiment> lock_experiments() {
  return {
      {"17", "mutex", "Is a robust one given back when its holder is killed?",
       [](RunDir& run) { return after_a_mutexs_holder(run, true); }},
      {"17", "mutex", "Is one that isn't robust?", [](RunDir& run) { return after_a_mutexs_holder(run, false); }},
      {"17", "posix-sem", "Is it given back when its holder is killed?", after_a_semaphores_holder},
      {"17", "futex", "Is a lock made of it given back when its holder is killed?", after_a_words_holder},
      {"17", "file-lock", "Is a record lock given back when its holder is killed?",
       [](RunDir& run) { return after_a_files_holder(run, [](int fd) { return lock_record(fd, F_SETLK); }); }},
      {"17", "file-lock", "Is one of an open file?",
       [](RunDir& run) { return after_a_files_holder(run, [](int fd) { return lock_record(fd, F_OFD_SETLK); }); }},
      {"17", "file-lock", "Is one of a whole file (flock)?",
       [](RunDir& run) { return after_a_files_holder(run, [](int fd) { return ::flock(fd, LOCK_EX | LOCK_NB); }); }},
  };
}

}  // namespace ipcbench
