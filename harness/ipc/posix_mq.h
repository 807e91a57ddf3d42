#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "harness/base/process_owned.h"
#include "harness/base/unique_fd.h"
#include "harness/ipc/buffer_size.h"

namespace ipcbench {

// A POSIX message queue that this process has made, mq_overview(7). Unlinked when the owner goes; a copy inherited by a
// forked child removes nothing.
class PosixMq {
 public:
  // Makes `name` ("/…", must not exist), mode 0600: `depth` messages of up to `message_size` bytes. Throws
  // std::system_error that names the limit, where it knows which.
  PosixMq(std::string name, std::size_t depth, std::size_t message_size);
  PosixMq(const PosixMq&) = delete;
  PosixMq& operator=(const PosixMq&) = delete;
  ~PosixMq() { remove(); }

  // A description of its own, found by name, as an unrelated process would; `mode` is O_RDONLY or O_WRONLY. On Linux it
  // is a file descriptor: epoll watches it and close(2) closes it. Throws std::system_error.
  UniqueFd open(int mode) const;
  // Nobody finds it any more; descriptors stay.
  void remove() noexcept;

 private:
  std::string name_;
  ProcessOwned owner_;
};

// What an unprivileged user is held to in this IPC namespace, and this process's RLIMIT_MSGQUEUE. A host without /proc
// is taken for one with the kernel's defaults.
struct PosixMqLimits {
  std::size_t depth = 0;            // messages of a queue that asks for no other number: msg_default, at most msg_max
  std::size_t depth_max = 0;        // messages of a queue: msg_max
  std::size_t msgsize_max = 0;      // bytes
  std::size_t rlimit_msgqueue = 0;  // bytes, for all queues of the user
};
PosixMqLimits posix_mq_limits();

// The depth and the message size of an open queue, as mq_getattr() tells them. `asked`: the depth that was asked for;
// none: the default. Nothing where the kernel doesn't tell.
BufferSizes posix_mq_sizes(int queue, BufferDirection direction, std::optional<std::size_t> asked);
// The depth of a queue that would be made now without asking for one.
BufferSize posix_mq_default_depth(BufferDirection direction);

// Bytes that a queue takes of RLIMIT_MSGQUEUE: getrlimit(2).
std::size_t posix_mq_charge(std::size_t depth, std::size_t message_size) noexcept;
// The largest message with which `queues` queues of this depth fit into RLIMIT_MSGQUEUE; 0 if not even one byte does.
std::size_t posix_mq_affordable(std::size_t rlimit_msgqueue, std::size_t queues, std::size_t depth) noexcept;

// False if the kernel lacks POSIX message queues or forbids them: errno says which.
bool has_posix_mq() noexcept;

}  // namespace ipcbench
