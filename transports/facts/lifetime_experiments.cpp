// Claims 8 and 9: what is left of an object when the only process that had it was killed? pipe(7), fifo(7), sysvipc(7),
// mq_overview(7), shm_overview(7), sem_overview(7).

#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/ipc/sysv_key.h"
#include "transports/facts/ends.h"
#include "transports/facts/experiment.h"

namespace ipcbench {
namespace {

constexpr const char* kLifetimeQuestion = "Is it still there when its processes were killed?";

// Starts a process that makes the object and is killed. Returns 0, or the error number that kept it from making one.
// The process is recorded in the manifest first, or `clean` would take its System V objects for another's.
template <class Make>
int made_by_the_dead(RunDir& run, Make make) {
  const Starter starter;
  Child maker = experimenter(run, [&] {
    starter.wait();
    if (!make()) throw_errno("make");
    die();
  });
  run.note_process(maker.pid());
  starter.start();
  const ExitStatus end = end_of(maker);
  if (end.signal == SIGKILL) return 0;
  return end.code > 0 ? end.code : ECHILD;
}

Finding lifetime_by(bool there, bool claimed, const char* how) {
  return yes_or_no(there, claimed, fmt::format("{} {} it", how, there ? "found" : "didn't find"));
}

struct NamedObject {
  RunDir::Kind kind;
  const char* finding;  // the call that looks it up
  bool (*make)(const char* name);
  bool (*find)(const char* name);
  int (*remove)(const char* name);
};

bool made_mq(const char* name, int flags) {
  mq_attr attributes{};
  attributes.mq_maxmsg = 1;
  attributes.mq_msgsize = 1;
  return static_cast<bool>(UniqueFd(::mq_open(name, flags | O_RDONLY | O_CLOEXEC, 0600, &attributes)));
}
bool made_sem(const char* name, int flags) {
  sem_t* const semaphore = ::sem_open(name, flags, 0600, 0);
  return semaphore != SEM_FAILED && ::sem_close(semaphore) == 0;
}
bool made_shm(const char* name, int flags) {
  return static_cast<bool>(UniqueFd(::shm_open(name, flags | O_RDWR | O_CLOEXEC, 0600)));
}

constexpr NamedObject kFifo{.kind = RunDir::Kind::file,
                            .finding = "stat",
                            .make = [](const char* name) { return ::mkfifo(name, 0600) == 0; },
                            .find =
                                [](const char* name) {
                                  struct stat status {};
                                  return ::stat(name, &status) == 0 && S_ISFIFO(status.st_mode);
                                },
                            .remove = ::unlink};
constexpr NamedObject kPosixMq{.kind = RunDir::Kind::posix_mq,
                               .finding = "mq_open",
                               .make = [](const char* name) { return made_mq(name, O_CREAT | O_EXCL); },
                               .find = [](const char* name) { return made_mq(name, 0); },
                               .remove = ::mq_unlink};
constexpr NamedObject kPosixShm{.kind = RunDir::Kind::posix_shm,
                                .finding = "shm_open",
                                .make = [](const char* name) { return made_shm(name, O_CREAT | O_EXCL); },
                                .find = [](const char* name) { return made_shm(name, 0); },
                                .remove = ::shm_unlink};
constexpr NamedObject kPosixSem{.kind = RunDir::Kind::posix_sem,
                                .finding = "sem_open",
                                .make = [](const char* name) { return made_sem(name, O_CREAT | O_EXCL); },
                                .find = [](const char* name) { return made_sem(name, 0); },
                                .remove = ::sem_unlink};

Experiment lifetime_of(const char* claim, const char* transport, const NamedObject& object) {
  return {claim, transport, kLifetimeQuestion, [object](RunDir& run) {
            const std::string name = run.claim_name(object.kind, "facts");
            if ((errno = made_by_the_dead(run, [&] { return object.make(name.c_str()); })) != 0) {
              throw_errno("make {}", name);
            }
            const bool there = object.find(name.c_str());
            object.remove(name.c_str());
            return lifetime_by(there, true, object.finding);
          }};
}

struct KeyedKind {
  RunDir::Kind kind;
  const char* finding;
  int (*get)(key_t key, int flags);
  int (*remove)(int id);
};

constexpr KeyedKind kSysvMq{.kind = RunDir::Kind::sysv_mq,
                            .finding = "msgget",
                            .get = [](key_t key, int flags) { return ::msgget(key, flags); },
                            .remove = [](int id) { return ::msgctl(id, IPC_RMID, nullptr); }};
constexpr KeyedKind kSysvShm{.kind = RunDir::Kind::sysv_shm,
                             .finding = "shmget",
                             .get = [](key_t key, int flags) { return ::shmget(key, 1, flags); },
                             .remove = [](int id) { return ::shmctl(id, IPC_RMID, nullptr); }};
constexpr KeyedKind kSysvSem{.kind = RunDir::Kind::sysv_sem,
                             .finding = "semget",
                             .get = [](key_t key, int flags) { return ::semget(key, 1, flags); },
                             .remove = [](int id) { return ::semctl(id, 0, IPC_RMID); }};

Experiment lifetime_of(const char* transport, const KeyedKind& object) {
  return {"9", transport, kLifetimeQuestion, [object](RunDir& run) {
            bool made = false;
            const KeyedObject found = make_keyed(run, object.kind, [&](key_t key) {
              errno = made_by_the_dead(run, [&] { return object.get(key, IPC_CREAT | IPC_EXCL | 0600) >= 0; });
              made = errno == 0;
              return made ? object.get(key, 0) : -1;
            });
            if (!made) throw_errno("{} of key {:#010x}", object.finding, found.key);
            if (found.id >= 0) object.remove(found.id);
            return lifetime_by(found.id >= 0, true, object.finding);
          }};
}

// Reads what is left in a pipe, which has no name to look it up by. A handle that opens nothing (O_PATH) leads to it,
// and leaves its content to those who have it open.
std::string left_in_pipe(const UniqueFd& handle) {
  const std::string path = fmt::format("/proc/self/fd/{}", handle.get());
  const UniqueFd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!reader) throw_errno("open {}", path);
  return receive_from(reader.get(), 1);
}

Finding lifetime_of_pipe(const RunDir& run) {
  Ends pipe = pipe_ends();
  const UniqueFd handle(::open(fmt::format("/proc/self/fd/{}", pipe.receiver.get()).c_str(), O_PATH | O_CLOEXEC));
  if (!handle) throw_errno("open with O_PATH of a pipe");
  send_to(pipe.sender.get(), "ab");
  Child owner = experimenter(run, [] {
    while (true) ::pause();
  });
  pipe = {};
  if (left_in_pipe(handle) != "a") throw std::runtime_error("the content of a living process's pipe can't be read");
  owner.kill();
  end_of(owner);
  const std::string left = left_in_pipe(handle);
  return yes_or_no(!left.empty(), false, left.empty() ? "what was in it is gone" : "what was in it can still be read");
}

}  // namespace

std::vector<Experiment> lifetime_experiments() {
  return {{"8", "pipe", kLifetimeQuestion, lifetime_of_pipe},
          lifetime_of("8", "fifo", kFifo),
          lifetime_of("sysv-mq", kSysvMq),
          lifetime_of("9", "posix-mq", kPosixMq),
          lifetime_of("sysv-shm", kSysvShm),
          lifetime_of("9", "posix-shm", kPosixShm),
          lifetime_of("sysv-sem", kSysvSem),
          lifetime_of("9", "posix-sem", kPosixSem)};
}

}  // namespace ipcbench
