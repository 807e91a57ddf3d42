#pragma once

#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/base/unique_fd.h"
#include "harness/run_dir/manifest.h"
#include "harness/run_dir/run_dir.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {

inline constexpr const char* kDeadId = "20261121-053345-9f3c01";

// Keeps the runs of a test in a folder of its own.
class RunDirTest : public testing::Test {
 protected:
  RunDirTest() {
    const char* before = std::getenv("XDG_RUNTIME_DIR");
    if (before != nullptr) before_ = before;
    ::setenv("XDG_RUNTIME_DIR", runtime_.path().c_str(), 1);
  }
  ~RunDirTest() override {
    if (before_) {
      ::setenv("XDG_RUNTIME_DIR", before_->c_str(), 1);
    } else {
      ::unsetenv("XDG_RUNTIME_DIR");
    }
  }

  std::string root() const { return runtime_.path() + "/ipcbench"; }
  // Makes the leftovers of a dead run with the given manifest; the owner is this process.
  std::string make_dead_run(const std::string& manifest) const {
    const std::string owner = owner_line(::getpid(), started_) + '\n';
    runtime_.write(fmt::format("ipcbench/{}/lock", kDeadId), "");
    runtime_.write(fmt::format("ipcbench/{}/manifest", kDeadId), owner + manifest);
    return root() + '/' + kDeadId;
  }

  TemporaryFolder runtime_;

 private:
  std::time_t started_ = std::time(nullptr);  // no object of a test is older
  std::optional<std::string> before_;
};

inline bool make_shm(const std::string& name) {
  const UniqueFd fd(::shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600));
  return static_cast<bool>(fd);
}

inline bool shm_exists(const std::string& name) {
  const UniqueFd fd(::shm_open(name.c_str(), O_RDONLY, 0));
  return static_cast<bool>(fd);
}

inline bool queue_exists(const std::string& name) {
  const UniqueFd fd(::mq_open(name.c_str(), O_RDONLY));
  return static_cast<bool>(fd);
}

inline bool semaphore_exists(const std::string& name) {
  sem_t* semaphore = ::sem_open(name.c_str(), 0);
  if (semaphore == SEM_FAILED) return false;
  ::sem_close(semaphore);
  return true;
}

// The names of one object of each kind, made by a run; plain data that can pass through a pipe.
struct OneOfEachKind {
  pid_t stray = 0;
  key_t shm_key = 0;
  key_t sem_key = 0;
  key_t msg_key = 0;
  char fifo[128] = {};
  char shm[128] = {};
  char queue[128] = {};
  char semaphore[128] = {};
};

inline void put_name(char (&to)[128], const std::string& from) { from.copy(to, sizeof to - 1); }

// Makes the objects; returns false if one couldn't be made.
inline bool make_objects(RunDir& run, OneOfEachKind& objects) {
  put_name(objects.fifo, run.claim_name(ObjectKind::file, "request"));
  put_name(objects.shm, run.claim_name(ObjectKind::posix_shm, "ring"));
  put_name(objects.queue, run.claim_name(ObjectKind::posix_mq, "queue"));
  put_name(objects.semaphore, run.claim_name(ObjectKind::posix_sem, "gate"));
  objects.shm_key = run.claim_key(ObjectKind::sysv_shm);
  objects.sem_key = run.claim_key(ObjectKind::sysv_sem);
  objects.msg_key = run.claim_key(ObjectKind::sysv_mq);
  if (::mkfifo(objects.fifo, 0600) != 0 || !make_shm(objects.shm)) return false;
  const UniqueFd queue(::mq_open(objects.queue, O_RDWR | O_CREAT | O_EXCL, 0600, nullptr));
  if (!queue || ::sem_open(objects.semaphore, O_CREAT | O_EXCL, 0600, 0) == SEM_FAILED) return false;
  constexpr int kMake = IPC_CREAT | IPC_EXCL | 0600;
  if (::shmget(objects.shm_key, 4096, kMake) < 0 || ::semget(objects.sem_key, 1, kMake) < 0) return false;
  if (::msgget(objects.msg_key, kMake) < 0) return false;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  const UniqueFd in(ends[0]);
  UniqueFd out(ends[1]);
  // No Child, which would die with its parent.
  objects.stray = ::fork();
  if (objects.stray == 0) {
    ::close(run.lock_fd());
    out.reset();
    ::alarm(100);
    for (;;) ::pause();
  }
  run.note_process(objects.stray);
  out.reset();
  char end = 0;
  if (::read(in.get(), &end, 1) != 0) return false;  // the stray process has released the lock
  return objects.stray > 0;
}

inline int count_objects(const OneOfEachKind& objects) {
  return int{std::filesystem::exists(objects.fifo)} + int{shm_exists(objects.shm)} + int{queue_exists(objects.queue)} +
         int{semaphore_exists(objects.semaphore)} + int{::shmget(objects.shm_key, 0, 0) >= 0} +
         int{::semget(objects.sem_key, 0, 0) >= 0} + int{::msgget(objects.msg_key, 0) >= 0};
}

}  // namespace ipcbench
