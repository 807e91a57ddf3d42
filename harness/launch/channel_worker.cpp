#include "harness/launch/channel_worker.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <new>

#include "harness/base/error.h"
#include "harness/base/fixed_text.h"
#include "harness/cgroup/descriptor_memory.h"
#include "harness/memory/mapping.h"
#include "harness/process/unshare_heap.h"
#include "harness/sdk/stall_patience.h"

namespace ipcbench {
namespace {

using Sessions = std::vector<std::unique_ptr<Session>>;

void fail(ChannelWorker::Report& report, const char* text) noexcept {
  report.failed = true;
  copy_text(report.text, text);
}

// A worker's side. All its memory but the endpoints is allocated before the first order.
class Side {
 public:
  Side(Role role, const Sessions& sessions, const LoopSpec& spec, ChannelWorker::Sees sees)
      : role_(role),
        sessions_(sessions),
        spec_(spec),
        sees_(sees),
        memory_(Mapping::private_anonymous(sizeof(RunLog))) {
    endpoints_.reserve(sessions.size());
    set_halt_patience(spec.message_size);
  }

  ChannelWorker::Report carry_out(const ChannelWorker::Order& order) noexcept {
    ChannelWorker::Report report;
    try {
      if (order.step == ChannelWorker::Step::open) {
        while (endpoints_.size() < order.channels) open_next();
      } else if (order.step == ChannelWorker::Step::weigh) {
        report.queued = descriptor_payload();
        return report;
      } else {
        while (walked_ < order.channels && !report.failed) walk(*endpoints_[walked_++], report);
        report.messages = messages_;
        report.full = full_;
      }
      report.alike = alike_;
      report.buffers = buffers_;
      report.unlike = unlike_;
      if (sees_ == ChannelWorker::Sees::descriptors) report.kernel_bytes = descriptor_memory();
    } catch (const std::exception& error) {
      fail(report, error.what());
    }
    return report;
  }

 private:
  // Opens the next channel. Its buffers may be smaller than the first one's, if open channels have used up a user's
  // limit.
  void open_next() {
    const std::size_t index = endpoints_.size();
    endpoints_.push_back(sessions_[index]->open(role_));
    const BufferSizes sizes = sessions_[index]->buffers(role_);
    if (index == 0) buffers_ = sizes;
    const bool is_alike = std::ranges::equal(sizes.all(), buffers_.all(), {}, &BufferSize::size, &BufferSize::size);
    if (is_alike && alike_ == index) ++alike_;
    if (!is_alike && alike_ == index) unlike_ = sizes;
  }

  void walk(Endpoint& endpoint, ChannelWorker::Report& report) {
    auto& log = *new (memory_.data()) RunLog;  // trivial: the loop sets what it needs
    log.side(role_).failure = Failure::none;
    endpoint.run(role_, spec_, log);
    if (log.side(role_).failure != Failure::none) return fail(report, "a message could not be sent");
    messages_ += log.held;
    full_ = full_ && log.held < spec_.block_ops;
    spec_.likely_held = log.held;
  }

  Role role_;
  const Sessions& sessions_;
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

int serve(int fd, Role role, const Sessions& sessions, const LoopSpec& spec, ChannelWorker::Sees sees) {
  own_heap();
  Side side(role, sessions, spec, sees);
  for (ChannelWorker::Order order; ::recv(fd, &order, sizeof order, 0) == sizeof order;) {
    const ChannelWorker::Report report = side.carry_out(order);
    if (::send(fd, &report, sizeof report, MSG_NOSIGNAL) < 0) return 1;
  }
  leave_child(0);  // the endpoints may be in the middle of a message
}

}  // namespace

ChannelWorker::ChannelWorker(Role role, const Sessions& sessions, const LoopSpec& spec, Sees sees) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) throw_errno("socketpair");
  near_.reset(ends[0]);
  UniqueFd far(ends[1]);
  child_ = Child::spawn(role == Role::producer ? "ipcbench-prod" : "ipcbench-cons", [&] {
    near_.reset();
    return serve(far.get(), role, sessions, spec, sees);
  });
}

void ChannelWorker::send(const Order& order) {
  if (::send(near_.get(), &order, sizeof order, MSG_NOSIGNAL) < 0) throw_errno("send to a worker");
}

ChannelWorker::Report ChannelWorker::receive() {
  Report report;
  ssize_t got = 0;
  do {
    got = ::recv(near_.get(), &report, sizeof report, 0);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof report) fail(report, "its worker died");
  return report;
}

}  // namespace ipcbench
