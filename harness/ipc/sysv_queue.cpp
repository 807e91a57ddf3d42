#include "harness/ipc/sysv_queue.h"

#include <sys/ipc.h>
#include <sys/msg.h>

#include <cerrno>

#include "harness/base/error.h"

namespace ipcbench {
namespace {

BufferSize default_queue_size(BufferDirection direction, std::uint64_t bytes) {
  constexpr std::uint64_t kUsual = 16384;  // msgmnb, as the kernel sets it
  return size_of_default(Buffer::sysv_queue, direction, bytes, kUsual, HostLimit::msgmnb);
}

}  // namespace

SysvQueue::SysvQueue(RunDir& run)
    : object_(make_keyed(run, RunDir::Kind::sysv_mq,
                         [](key_t key) { return ::msgget(key, IPC_CREAT | IPC_EXCL | 0600); })) {
  if (object_.id >= 0) return;
  if (errno == ENOSPC) throw_errno("msgget: /proc/sys/kernel/msgmni allows no more message queues");
  throw_errno("msgget of key {:#010x}", object_.key);
}

void SysvQueue::remove() noexcept {
  if (owner_.release()) ::msgctl(object_.id, IPC_RMID, nullptr);
}

void SysvQueue::set_bytes(std::size_t bytes) {
  msqid_ds queue{};
  if (::msgctl(object_.id, IPC_STAT, &queue) != 0) throw_errno("msgctl IPC_STAT");
  queue.msg_qbytes = bytes;
  if (::msgctl(object_.id, IPC_SET, &queue) == 0) return;
  if (errno == EPERM) throw_errno("msgctl IPC_SET of msg_qbytes {}: /proc/sys/kernel/msgmnb is less", bytes);
  throw_errno("msgctl IPC_SET of msg_qbytes {}", bytes);
}

int SysvQueue::open() const {
  const int id = ::msgget(object_.key, 0);
  if (id < 0) throw_errno("msgget of key {:#010x}", object_.key);
  return id;
}

BufferSize sysv_queue_size(int id, BufferDirection direction, std::optional<std::size_t> asked) {
  msqid_ds queue{};
  const std::uint64_t bytes = ::msgctl(id, IPC_STAT, &queue) == 0 ? std::uint64_t{queue.msg_qbytes} : 0;
  if (!asked) return default_queue_size(direction, bytes);
  return size_of_asked(Buffer::sysv_queue, direction, bytes, *asked, HostLimit::msgmnb, HostLimit::none);
}

BufferSize sysv_queue_default_size(BufferDirection direction) {
  const auto limits = sysv_queue_limits();
  return default_queue_size(direction, limits ? limits->msgmnb : 0);
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
