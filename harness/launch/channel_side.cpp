#include "harness/launch/channel_side.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include "harness/base/fixed_text.h"
#include "harness/cgroup/descriptor_memory.h"
#include "harness/memory/mapping.h"
#include "harness/process/child.h"
#include "harness/process/unshare_heap.h"
#include "harness/sdk/stall_patience.h"

namespace ipcbench {
namespace {

void fail(ChannelReply& reply, std::string_view text) noexcept {
  reply.failed = true;
  copy_text(reply.text, text);
}

// A worker's side. All its memory but the endpoints is allocated before the first order.
class Side {
 public:
  Side(const WorkerOrders& orders, const Transport& transport, std::vector<Ticket> tickets, const WorkerLinks& links)
      : orders_(orders),
        transport_(transport),
        tickets_(std::move(tickets)),
        cells_(reinterpret_cast<Rendezvous::PairCells*>(links.memory), tickets_.size()),
        spec_(orders.spec),
        memory_(Mapping::private_anonymous(sizeof(RunLog))) {
    endpoints_.reserve(tickets_.size());
    set_stall_patience(spec_.message_size);
  }

  ChannelReply carry_out(const ChannelOrder& order) noexcept {
    ChannelReply reply;
    try {
      if (order.step == ChannelStep::open) {
        while (endpoints_.size() < order.channels) open_next();
      } else if (order.step == ChannelStep::weigh) {
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
      if (orders_.sees_buffers) reply.kernel_bytes = descriptor_memory();
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
    endpoints_.push_back(transport_.join(std::move(tickets_[index]), seat_config(orders_, cells_[index])));
    const BufferSizes sizes = endpoints_.back()->buffers();
    if (index == 0) buffers_ = sizes;
    const bool is_alike = std::ranges::equal(sizes.all(), buffers_.all(), {}, &BufferSize::size, &BufferSize::size);
    if (is_alike && alike_ == index) ++alike_;
    if (!is_alike && alike_ == index) unlike_ = sizes;
  }

  void walk(Endpoint& endpoint, ChannelReply& reply) {
    auto& log = *new (memory_.data()) RunLog;  // trivial: what it needs is set by the loop
    const Role role = orders_.seat.role;
    log.side(role).failure = Failure::none;
    endpoint.run(role, spec_, log);
    if (log.side(role).failure != Failure::none) return fail(reply, "a message could not be sent");
    messages_ += log.held;
    full_ = full_ && log.held < spec_.block_ops;
    spec_.likely_held = log.held;
  }

  const WorkerOrders& orders_;
  const Transport& transport_;
  std::vector<Ticket> tickets_;
  std::span<Rendezvous::PairCells> cells_;
  LoopSpec spec_;
  Mapping memory_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
  std::size_t walked_ = 0;
  std::uint32_t alike_ = 0;
  BufferSizes buffers_{}, unlike_{};
  std::uint64_t messages_ = 0;
  bool full_ = true;
};

int serve(int fd, Side side) {
  for (ChannelOrder order; ::recv(fd, &order, sizeof order, 0) == sizeof order;) {
    const ChannelReply reply = side.carry_out(order);
    if (::send(fd, &reply, sizeof reply, MSG_NOSIGNAL) < 0) return 1;
  }
  leave_child(0);  // the endpoints may be in the middle of a message
}

}  // namespace

int hold_channels(const WorkerOrders& orders, const Transport& transport, std::vector<Ticket> tickets,
                  const WorkerLinks& links) noexcept {
  try {
    unshare_heap();
    return serve(links.socket, Side(orders, transport, std::move(tickets), links));
  } catch (const std::exception& error) {
    report_no_channels(links, error.what());
    return 1;
  }
}

void report_no_channels(const WorkerLinks& links, std::string_view text) noexcept {
  ChannelReply reply;
  fail(reply, text);
  ::send(links.socket, &reply, sizeof reply, MSG_NOSIGNAL);  // a coordinator that has died needs no report
}

}  // namespace ipcbench
