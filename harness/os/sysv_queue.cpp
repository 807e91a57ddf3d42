#include "harness/os/sysv_queue.h"

#include <sys/ipc.h>
#include <sys/msg.h>
#include <unistd.h>

#include <cerrno>

#include "harness/os/error.h"

namespace ipcbench {

SysvQueue::SysvQueue(RunDir& run)
    : object_(
          make_keyed(run, RunDir::Kind::sysv_mq, [](key_t key) { return ::msgget(key, IPC_CREAT | IPC_EXCL | 0600); })),
      owner_(::getpid()) {
  if (object_.id >= 0) return;
  if (errno == ENOSPC) throw_errno("msgget: /proc/sys/kernel/msgmni allows no more message queues");
  throw_errno("msgget of key {:#010x}", object_.key);
}

SysvQueue::~SysvQueue() {
  if (owner_ == ::getpid()) ::msgctl(object_.id, IPC_RMID, nullptr);
}

int SysvQueue::find() const {
  const int id = ::msgget(object_.key, 0);
  if (id < 0) throw_errno("msgget of key {:#010x}", object_.key);
  return id;
}

std::optional<SysvQueueLimits> sysv_queue_limits() noexcept {
  msginfo info{};
  if (::msgctl(0, MSG_INFO, reinterpret_cast<msqid_ds*>(&info)) < 0) return std::nullopt;
  return SysvQueueLimits{.msgmax = static_cast<std::size_t>(info.msgmax),
                         .msgmnb = static_cast<std::size_t>(info.msgmnb),
                         .msgmni = static_cast<std::size_t>(info.msgmni),
                         .queues = static_cast<std::size_t>(info.msgpool)};
}

}  // namespace ipcbench
