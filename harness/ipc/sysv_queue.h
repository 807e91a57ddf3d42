#pragma once

#include <cstddef>
#include <optional>

#include "harness/base/process_owned.h"
#include "harness/ipc/buffer_size.h"
#include "harness/ipc/sysv_key.h"

namespace ipcbench {

// SysvQueue owns a System V message queue that this process has made, sysvipc(7). Its destructor removes the queue,
// also from those who use it, but not in a forked child. A queue can't be marked for removal as shared memory can.
class SysvQueue {
 public:
  // Makes a queue of mode 0600 under a fresh key, recorded in the run's manifest. Throws std::system_error, which names
  // the sysctl if no more queues are allowed.
  explicit SysvQueue(RunDir& run);
  SysvQueue(const SysvQueue&) = delete;
  SysvQueue& operator=(const SysvQueue&) = delete;
  ~SysvQueue() { remove(); }

  // Sets the bytes that the queue holds: msg_qbytes, by msgctl IPC_SET. More than msgmnb needs CAP_SYS_RESOURCE. Throws
  // std::system_error that names the limit.
  void set_bytes(std::size_t bytes);
  // Returns the queue's identifier by its key, as an unrelated process would. Throws std::system_error.
  int open() const;
  // Removes the queue for everybody (IPC_RMID).
  void remove() noexcept;

 private:
  KeyedObject object_;
  ProcessOwned owner_;
};

// Returns the bytes that a queue holds, by msgctl IPC_STAT; 0 if the kernel doesn't report them. `asked` is what
// set_bytes() got, nullopt if it wasn't called.
BufferSize sysv_queue_size(int id, BufferDirection direction, std::optional<std::size_t> asked);
// Returns the bytes of a queue that would be made now with the default size.
BufferSize sysv_queue_default_size(BufferDirection direction);

// SysvQueueLimits are the limits of this IPC namespace, /proc/sys/kernel/msg*.
struct SysvQueueLimits {
  std::size_t msgmax = 0;  // bytes of a message
  std::size_t msgmnb = 0;  // bytes of a queue
  std::size_t msgmni = 0;  // queues
  std::size_t queues = 0;  // that exist
};
// Returns the limits; nullopt if there are no System V message queues, and errno says why.
std::optional<SysvQueueLimits> sysv_queue_limits() noexcept;

}  // namespace ipcbench
