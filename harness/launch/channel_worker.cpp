#include "harness/launch/channel_worker.h"

#include <sys/socket.h>

#include <cerrno>

#include "harness/base/error.h"
#include "harness/base/fixed_text.h"

namespace ipcbench {

ChannelWorker::ChannelWorker(Workers workers, const WorkerOrders& orders, WorkerTickets& tickets,
                             const LaunchMemory& memory) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) throw_errno("socketpair");
  near_.reset(ends[0]);
  const UniqueFd far(ends[1]);
  child_ = start_worker(
      workers, orders, tickets,
      {.memory = memory.data(), .memory_fd = memory.descriptor(), .socket = far.get(), .coordinators = near_.get()});
}

void ChannelWorker::send(const ChannelOrder& order) {
  if (::send(near_.get(), &order, sizeof order, MSG_NOSIGNAL) < 0) throw_errno("send to a worker");
}

ChannelReply ChannelWorker::receive() {
  ChannelReply reply;
  ssize_t got = 0;
  do {
    got = ::recv(near_.get(), &reply, sizeof reply, 0);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof reply) {
    reply.failed = true;
    copy_text(reply.text, "its worker died");
  }
  return reply;
}

}  // namespace ipcbench
