#include "harness/ipc/sysv_shm.h"

#include <sys/ipc.h>
#include <sys/shm.h>

#include <cstring>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/page_size.h"
#include "harness/cgroup/memory_limit.h"

namespace ipcbench {
namespace {

KeyedObject make(RunDir& run_dir, std::size_t size, PageKind pages) {
  const int flags = IPC_CREAT | IPC_EXCL | 0600 | (pages == PageKind::huge ? SHM_HUGETLB : 0);
  const KeyedObject object =
      make_keyed(run_dir, RunDir::Kind::sysv_shm, [&](key_t key) { return ::shmget(key, size, flags); });
  if (object.id < 0) throw_errno("shmget of {} bytes", size);
  return object;
}

}  // namespace

SysvShm::SysvShm(RunDir& run_dir, std::size_t size, PageKind pages) : object_(make(run_dir, size, pages)) {}

Mapping SysvShm::open(key_t key) {
  const int id = ::shmget(key, 0, 0);
  if (id < 0) throw_errno("shmget of key {:#010x}", key);
  return Mapping::sysv_segment(id);
}

void SysvShm::remove() noexcept {
  if (owner_.release()) ::shmctl(object_.id, IPC_RMID, nullptr);
}

SysvShmRoom sysv_shm_room() {
  // IPC_INFO and SHM_INFO write structures of their own through the pointer to shmid_ds, shmctl(2).
  shminfo limits{};
  shm_info used{};
  if (::shmctl(0, IPC_INFO, reinterpret_cast<shmid_ds*>(&limits)) < 0 ||
      ::shmctl(0, SHM_INFO, reinterpret_cast<shmid_ds*>(&used)) < 0) {
    return {.limit = fmt::format("there is no System V shared memory here: {}", std::strerror(errno)),
            .supported = false};
  }
  if (static_cast<unsigned long>(used.used_ids) >= limits.shmmni) {
    return {.limit =
                fmt::format("/proc/sys/kernel/shmmni is {}, and there are {} segments", limits.shmmni, used.used_ids)};
  }
  const std::size_t segments = limits.shmmni - static_cast<unsigned long>(used.used_ids);
  const std::size_t page = page_size();
  const std::size_t free_pages = limits.shmall > used.shm_tot ? limits.shmall - used.shm_tot : 0;
  const auto [memory, memory_limit] = available_memory();
  if (memory / page <= free_pages && memory <= limits.shmmax)
    return {.bytes = memory, .limit = memory_limit, .segments = segments};
  if (limits.shmmax / page <= free_pages) {
    return {.bytes = limits.shmmax,
            .limit = fmt::format("/proc/sys/kernel/shmmax is {}", limits.shmmax),
            .is_setting = true,
            .segments = segments};
  }
  return {.bytes = free_pages * page,
          .limit = fmt::format("/proc/sys/kernel/shmall is {} pages, and segments have {} of them", limits.shmall,
                               used.shm_tot),
          .segments = segments};
}

}  // namespace ipcbench
