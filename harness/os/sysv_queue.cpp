#include "harness/os/sysv_queue.h"

#include <sys/ipc.h>
#include <sys/msg.h>
#include <unistd.h>

#include <cerrno>

#include "harness/os/error.h"

namespace ipcbench {

SysvQueue::SysvQueue(RunDir& run) : owner_(::getpid()) {
  constexpr RunDir::Kind kKind = RunDir::Kind::sysv_mq;
  while (true) {
    key_ = run.claim_key(kKind);
    id_ = ::msgget(key_, IPC_CREAT | IPC_EXCL | 0600);
    if (id_ >= 0) return;
    const int error = errno;
    run.strike_key(kKind, key_);
    errno = error;
    if (error == ENOSPC) throw_errno("msgget: /proc/sys/kernel/msgmni allows no more message queues");
    if (error != EEXIST) throw_errno("msgget {:#010x}", key_);
  }
}

SysvQueue::~SysvQueue() {
  if (owner_ == ::getpid()) ::msgctl(id_, IPC_RMID, nullptr);
}

int SysvQueue::find() const {
  const int id = ::msgget(key_, 0);
  if (id < 0) throw_errno("msgget {:#010x}", key_);
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
