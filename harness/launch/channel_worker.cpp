#include "harness/launch/channel_worker.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <new>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/fixed_text.h"
#include "harness/cgroup/descriptor_memory.h"
#include "harness/memory/mapping.h"
#include "harness/process/unshare_heap.h"
#include "harness/sdk/stall_patience.h"

namespace ipcbench {
namespace {

void fail(ChannelWorker::Reply& reply, const char* text) noexcept {
  reply.failed = true;
  copy_text(reply.text, text);
}

// A worker's side. All its memory but the endpoints is allocated before the first order.
class Side {
 public:
  Side(const Transport& transport, SeatConfig config, ChannelWorker::Channels channels, const LoopSpec& spec,
       ChannelWorker::Sees sees)
      : transport_(transport),
        config_(std::move(config)),
        tickets_(std::move(channels.tickets[static_cast<std::size_t>(config_.seat.role)])),
        cells_(channels.cells),
        spec_(spec),
        sees_(sees),
        memory_(Mapping::private_anonymous(sizeof(RunLog))) {
    channels.tickets = {};  // else those of the other side stayed open as long as this call
    endpoints_.reserve(tickets_.size());
    set_stall_patience(spec.message_size);
  }

  ChannelWorker::Reply carry_out(const ChannelWorker::Order& order) noexcept {
    ChannelWorker::Reply reply;
    try {
      if (order.step == ChannelWorker::Step::open) {
        while (endpoints_.size() < order.channels) open_next();
      } else if (order.step == ChannelWorker::Step::weigh) {
        reply.queued = descriptor_payload();
        return reply;
      } else {
        while (walked_ < order.channels && !reply.failed) walk(*endpoints_[walked_++], reply);
        reply.messages = messages_;
        reply.full = full_;
      }
      reply.alike = alike_;
      reply.buffers = buffers_;
      reply.unlike = unlike_;
      if (sees_ == ChannelWorker::Sees::descriptors) reply.kernel_bytes = descriptor_memory();
    } catch (const std::exception& error) {
      fail(reply, error.what());
    }
    return reply;
  }

 private:
  // Opens the next channel. Its buffers may be smaller than the first one's, if open channels have used up a user's
  // limit.
  void open_next() {
    const std::size_t index = endpoints_.size();
    config_.rendezvous = Rendezvous(cells_[index]);
    endpoints_.push_back(transport_.join(std::move(tickets_[index]), config_));
    const BufferSizes sizes = endpoints_.back()->buffers();
    if (index == 0) buffers_ = sizes;
    const bool is_alike = std::ranges::equal(sizes.all(), buffers_.all(), {}, &BufferSize::size, &BufferSize::size);
    if (is_alike && alike_ == index) ++alike_;
    if (!is_alike && alike_ == index) unlike_ = sizes;
  }

  void walk(Endpoint& endpoint, ChannelWorker::Reply& reply) {
    auto& log = *new (memory_.data()) RunLog;  // trivial: what it needs is set by the loop
    const Role role = config_.seat.role;
    log.side(role).failure = Failure::none;
    endpoint.run(role, spec_, log);
    if (log.side(role).failure != Failure::none) return fail(reply, "a message could not be sent");
    messages_ += log.held;
    full_ = full_ && log.held < spec_.block_ops;
    spec_.likely_held = log.held;
  }

  const Transport& transport_;
  SeatConfig config_;
  std::vector<Ticket> tickets_;
  std::span<Rendezvous::PairCells> cells_;
  LoopSpec spec_;
  ChannelWorker::Sees sees_;
  Mapping memory_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
  std::size_t walked_ = 0;
  std::uint32_t alike_ = 0;
  BufferSizes buffers_{}, unlike_{};
  std::uint64_t messages_ = 0;
  bool full_ = true;
};

int serve(int fd, Side side) {
  for (ChannelWorker::Order order; ::recv(fd, &order, sizeof order, 0) == sizeof order;) {
    const ChannelWorker::Reply reply = side.carry_out(order);
    if (::send(fd, &reply, sizeof reply, MSG_NOSIGNAL) < 0) return 1;
  }
  leave_child(0);  // the endpoints may be in the middle of a message
}

}  // namespace

ChannelWorker::ChannelWorker(const Transport& transport, SeatConfig config, Channels& channels, const LoopSpec& spec,
                             Sees sees) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) throw_errno("socketpair");
  near_.reset(ends[0]);
  UniqueFd far(ends[1]);
  child_ = Child::spawn(config.seat.role == Role::producer ? "ipcbench-prod" : "ipcbench-cons", [&] {
    near_.reset();
    unshare_heap();
    return serve(far.get(), Side(transport, std::move(config), std::move(channels), spec, sees));
  });
}

void ChannelWorker::send(const Order& order) {
  if (::send(near_.get(), &order, sizeof order, MSG_NOSIGNAL) < 0) throw_errno("send to a worker");
}

ChannelWorker::Reply ChannelWorker::receive() {
  Reply reply;
  ssize_t got = 0;
  do {
    got = ::recv(near_.get(), &reply, sizeof reply, 0);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof reply) fail(reply, "its worker died");
  return reply;
}

}  // namespace ipcbench
