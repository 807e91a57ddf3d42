#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "harness/base/process_owned.h"
#include "harness/base/unique_fd.h"
#include "harness/ipc/buffer_size.h"

namespace ipcbench {

// PosixMq owns a POSIX message queue that this process has made, mq_overview(7). Its destructor unlinks the queue, but
// not in a forked child.
class PosixMq {
 public:
  // Makes `name` ("/…", must not exist), mode 0600: `depth` messages of up to `message_size` bytes. Throws
  // std::system_error that names the limit, if one is known to be the cause.
  PosixMq(std::string name, std::size_t depth, std::size_t message_size);
  PosixMq(const PosixMq&) = delete;
  PosixMq& operator=(const PosixMq&) = delete;
  ~PosixMq() { remove(); }

  const std::string& name() const noexcept { return name_; }
  // Opens such a queue by its name; `mode` is O_RDONLY or O_WRONLY. On Linux the result is
  // a file descriptor: epoll watches it and close(2) closes it. Throws std::system_error.
  static UniqueFd open(const std::string& name, int mode);
  // Unlinks the queue; descriptors stay.
  void remove() noexcept;

 private:
  std::string name_;
  ProcessOwned owner_;
};

// PosixMqLimits are an unprivileged user's limits in this IPC namespace, and this process's RLIMIT_MSGQUEUE. Without
// /proc they are the kernel's defaults.
struct PosixMqLimits {
  std::size_t depth = 0;            // messages of a queue that asks for no other number: msg_default, at most msg_max
  std::size_t depth_max = 0;        // messages of a queue: msg_max
  std::size_t msgsize_max = 0;      // bytes
  std::size_t queues_max = 0;       // in this IPC namespace
  std::size_t rlimit_msgqueue = 0;  // bytes, for all queues of the user
};
PosixMqLimits posix_mq_limits();

// Returns the depth and the message size of an open queue, by mq_getattr(); nothing if the kernel doesn't report them.
// `asked` is the depth that was asked for, nullopt if the default was.
BufferSizes posix_mq_sizes(int queue, BufferDirection direction, std::optional<std::size_t> asked);
// Returns the depth of a queue that would be made now with the default depth.
BufferSize posix_mq_default_depth(BufferDirection direction);

// Returns the bytes that a queue takes of RLIMIT_MSGQUEUE, getrlimit(2).
std::size_t posix_mq_charge(std::size_t depth, std::size_t message_size) noexcept;
// Returns the largest message, in bytes, with which `queues` queues of this depth fit into RLIMIT_MSGQUEUE; 0 if none
// does.
std::size_t posix_mq_affordable(std::size_t rlimit_msgqueue, std::size_t queues, std::size_t depth) noexcept;

// Returns whether the kernel has and permits POSIX message queues. If it returns false, errno says why.
bool has_posix_mq() noexcept;

}  // namespace ipcbench
