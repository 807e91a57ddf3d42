#include <fcntl.h>
#include <linux/magic.h>
#include <mqueue.h>
#include <semaphore.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fmt/core.h>

#include "harness/base/unique_fd.h"
#include "harness/process/pidfd.h"
#include "harness/process/proc_stat.h"
#include "harness/run_dir/manifest.h"

namespace ipcbench {
namespace {

using Kind = ObjectKind;

// State is whether an object exists, and whose it is.
enum class State : std::uint8_t { absent, ours, foreign };

struct Found {
  State state = State::absent;
  int id = -1;  // System V
};

Found found(bool ours, int id) noexcept { return {ours ? State::ours : State::foreign, id}; }

// Judges a failed look-up by errno: what exists but can't be looked at was made by another user.
Found not_found() noexcept {
  const bool exists = errno == EACCES || errno == EPERM;
  return {exists ? State::foreign : State::absent, -1};
}

bool is_recorded(pid_t pid, const Manifest& manifest) {
  return pid == manifest.owner_pid ||
         std::any_of(manifest.entries.begin(), manifest.entries.end(),
                     [&](const Manifest::Entry& e) { return e.kind == Kind::process && e.pid == pid; });
}

Found find_sysv_shm(key_t key, const Manifest& manifest) {
  const int id = ::shmget(key, 0, 0);
  shmid_ds status{};
  if (id < 0 || ::shmctl(id, IPC_STAT, &status) != 0) return not_found();
  return found(manifest.owner_pid != 0 && status.shm_perm.cuid == ::geteuid() && is_recorded(status.shm_cpid, manifest),
               id);
}

Found find_sysv_sem(key_t key, const Manifest& manifest) {
  const int id = ::semget(key, 0, 0);
  semid_ds status{};
  if (id < 0 || ::semctl(id, 0, IPC_STAT, &status) != 0) return not_found();
  return found(manifest.owner_pid != 0 && status.sem_perm.cuid == ::geteuid() && status.sem_ctime >= manifest.started,
               id);
}

Found find_sysv_mq(key_t key, const Manifest& manifest) {
  const int id = ::msgget(key, 0);
  msqid_ds status{};
  if (id < 0 || ::msgctl(id, IPC_STAT, &status) != 0) return not_found();
  return found(manifest.owner_pid != 0 && status.msg_perm.cuid == ::geteuid() && status.msg_ctime >= manifest.started,
               id);
}

Found find_path(const std::string& path) noexcept {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return not_found();
  return found(status.st_uid == ::geteuid(), -1);
}

// Finds a control group. Any other folder is foreign.
Found find_group(const std::string& path) noexcept {
  struct statfs system {};
  if (::statfs(path.c_str(), &system) != 0) return not_found();
  if (system.f_type != CGROUP_SUPER_MAGIC && system.f_type != CGROUP2_SUPER_MAGIC) return found(false, -1);
  return find_path(path);
}

// Finds a queue by opening it, since the file system of message queues need not be mounted.
Found find_posix_mq(const std::string& name) noexcept {
  const UniqueFd queue(::mq_open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!queue || ::fstat(queue.get(), &status) != 0) return not_found();
  return found(status.st_uid == ::geteuid(), -1);
}

// Finds a process by its pidfd, opened before the start time is read. The start time is then that of the process that
// the pidfd means, or of a later one.
Found find_process(const Manifest::Entry& entry, int pidfd) {
  const bool same = pidfd >= 0 && entry.pid != ::getpid() && process_start_time(entry.pid) == entry.start;
  return same ? found(true, -1) : Found{};
}

std::string label_of(const Manifest::Entry& entry, const std::string& directory) {
  switch (entry.kind) {
    case Kind::file:
      return directory + '/' + entry.name;
    case Kind::memory_file:
    case Kind::disk_file:
      return shared_folder_of(entry.kind) + entry.name;
    case Kind::memory_group:
      return entry.name;
    case Kind::posix_shm:
      return "/dev/shm" + entry.name;
    case Kind::posix_sem:
      return "/dev/shm/sem." + entry.name.substr(1);
    case Kind::process:
      return fmt::format("process {}", entry.pid);
    default:
      return manifest_line(entry);
  }
}

Found find(const Manifest::Entry& entry, const Manifest& manifest, const std::string& label, int pidfd) {
  switch (entry.kind) {
    case Kind::file:
    case Kind::memory_file:
    case Kind::disk_file:
    case Kind::posix_shm:
    case Kind::posix_sem:
      return find_path(label);
    case Kind::memory_group:
      return find_group(label);
    case Kind::posix_mq:
      return find_posix_mq(entry.name);
    case Kind::sysv_shm:
      return find_sysv_shm(entry.key, manifest);
    case Kind::sysv_sem:
      return find_sysv_sem(entry.key, manifest);
    case Kind::sysv_mq:
      return find_sysv_mq(entry.key, manifest);
    case Kind::process:
      return find_process(entry, pidfd);
  }
  return {};
}

// Returns 0, or -1 and errno.
int remove(const Manifest::Entry& entry, int id, const std::string& label, int pidfd) noexcept {
  switch (entry.kind) {
    case Kind::file:
    case Kind::memory_file:
    case Kind::disk_file:
      // A folder is removed with the run's directory.
      return ::unlink(label.c_str()) == 0 || errno == EISDIR ? 0 : -1;
    case Kind::memory_group:
      return ::rmdir(label.c_str());
    case Kind::posix_shm:
      return ::shm_unlink(entry.name.c_str());
    case Kind::posix_sem:
      return ::sem_unlink(entry.name.c_str());
    case Kind::posix_mq:
      return ::mq_unlink(entry.name.c_str());
    case Kind::sysv_shm:
      return ::shmctl(id, IPC_RMID, nullptr);
    case Kind::sysv_sem:
      return ::semctl(id, 0, IPC_RMID);
    case Kind::sysv_mq:
      return ::msgctl(id, IPC_RMID, nullptr);
    case Kind::process:
      return kill_by_pidfd(pidfd);
  }
  return 0;
}

}  // namespace

Removal remove_object(const Manifest::Entry& entry, const Manifest& manifest, const std::string& directory,
                      bool dry_run) {
  const bool is_process = entry.kind == Kind::process;
  const UniqueFd pidfd(is_process ? pidfd_of(entry.pid) : -1);
  const std::string label = label_of(entry, directory);
  const Found object = find(entry, manifest, label, pidfd.get());
  if (object.state == State::absent) return {};
  if (object.state == State::foreign) return {fmt::format("left {}: not made by this run", label), false};
  if (dry_run) return {fmt::format("would {} {}", is_process ? "kill" : "remove", label), false};
  if (remove(entry, object.id, label, pidfd.get()) == 0) {
    return {fmt::format("{} {}", is_process ? "killed" : "removed", label), false};
  }
  // Somebody else may have removed it since; System V reports that as EINVAL or EIDRM.
  if (errno == ENOENT || errno == ESRCH || errno == EINVAL || errno == EIDRM) return {};
  return {fmt::format("could not remove {}: {}", label, std::strerror(errno)), true};
}

}  // namespace ipcbench
