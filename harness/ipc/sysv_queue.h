#pragma once

#include <cstddef>
#include <optional>

#include "harness/base/process_owned.h"
#include "harness/ipc/buffer_size.h"
#include "harness/ipc/sysv_key.h"

namespace ipcbench {

// A System V message queue that this process has made, sysvipc(7). It can't be marked for removal as shared memory can:
// removing takes it from its users. So it goes with its owner; a copy inherited by a forked child removes nothing.
class SysvQueue {
 public:
  // A queue of mode 0600 under a fresh key, recorded in the run's manifest. Throws std::system_error; where there is
  // no room for another queue, it names the sysctl.
  explicit SysvQueue(RunDir& run);
  SysvQueue(const SysvQueue&) = delete;
  SysvQueue& operator=(const SysvQueue&) = delete;
  ~SysvQueue() { remove(); }

  // Lets the queue hold so many bytes: msgctl IPC_SET of msg_qbytes. More than msgmnb takes CAP_SYS_RESOURCE. Throws
  // std::system_error that names the limit.
  void set_bytes(std::size_t bytes);
  // The queue's identifier, found by its key, as an unrelated process would. Throws std::system_error.
  int open() const;
  // IPC_RMID: nobody has it any more.
  void remove() noexcept;

 private:
  KeyedObject object_;
  ProcessOwned owner_;
};

// The bytes that a queue holds, as msgctl IPC_STAT tells them. `asked`: what set_bytes() got; none: the default. Of
// size 0 where the kernel doesn't tell.
BufferSize sysv_queue_size(int id, BufferDirection direction, std::optional<std::size_t> asked);
// The same of a queue that would be made now without asking.
BufferSize sysv_queue_default_size(BufferDirection direction);

// Of this IPC namespace: /proc/sys/kernel/msg*.
struct SysvQueueLimits {
  std::size_t msgmax = 0;  // bytes of a message
  std::size_t msgmnb = 0;  // bytes of a queue
  std::size_t msgmni = 0;  // queues
  std::size_t queues = 0;  // that exist
};
// Nothing if there are no System V message queues: errno says why.
std::optional<SysvQueueLimits> sysv_queue_limits() noexcept;

}  // namespace ipcbench
