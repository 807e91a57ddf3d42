// POSIX message queues, mq_overview(7), carry messages with priorities, and the kernel keeps them under a name. A
// channel has one for each direction. A message is passed in the caller's own buffers.

#include "harness/ipc/posix_mq.h"

#include <fcntl.h>
#include <mqueue.h>
#include <sys/epoll.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "harness/base/error.h"
#include "harness/sdk/fd_wait.h"
#include "harness/sdk/simple_transport.h"
#include "scenarios/bind_fd.h"

namespace ipcbench {
namespace {

template <class Wait>
class PosixMqEndpoint {
 public:
  PosixMqEndpoint(UniqueFd in, UniqueFd out)
      : in_(std::move(in)), out_(std::move(out)), readable_(in_.get(), EPOLLIN), writable_(out_.get(), EPOLLOUT) {
    set_blocking_for(in_.get(), Wait::kStrategy);
    set_blocking_for(out_.get(), Wait::kStrategy);
  }

  IoStatus send(ConstBytes message) noexcept { return send_urgent(0, message); }
  IoStatus send_urgent(unsigned priority, ConstBytes message) noexcept {
    const auto call = [&]() noexcept {
      return ::mq_send(out_.get(), reinterpret_cast<const char*>(message.data()), message.size(), priority);
    };
    return retry(writable_, call) < 0 ? IoStatus::failed : IoStatus::ok;
  }

  Received receive(Bytes buffer) noexcept {
    const auto call = [&]() noexcept {
      return ::mq_receive(in_.get(), reinterpret_cast<char*>(buffer.data()), buffer.size(), nullptr);
    };
    const ssize_t size = retry(readable_, call);
    if (size < 0) [[unlikely]]
      return {IoStatus::failed, 0};
    return {IoStatus::ok, static_cast<std::size_t>(size)};
  }
  int watched() const noexcept { return in_.get(); }

 private:
  template <class Call>
  static ssize_t retry(Wait& wait, Call call) noexcept {
    while (true) {
      wait.before();
      const ssize_t result = call();
      if (result >= 0) [[likely]]
        return result;
      if (errno == EAGAIN) {
        wait.again();
      } else if (errno != EINTR) {
        return result;
      }
    }
  }

  UniqueFd in_;
  UniqueFd out_;
  [[no_unique_address]] Wait readable_;
  [[no_unique_address]] Wait writable_;
};

std::optional<std::size_t> asked_depth(const OptionValues& options) { return asked_count(options, "depth"); }

class PosixMqSession final : public Session {
 public:
  // A queue's largest message is the session's, since mq_receive() refuses a shorter buffer.
  PosixMqSession(const SessionConfig& config, std::size_t depth)
      : forward_(config.run_dir.claim_name(RunDir::Kind::posix_mq, "forward"), depth, config.message_size) {
    if (!config.pattern.is_pair()) return;
    backward_.emplace(config.run_dir.claim_name(RunDir::Kind::posix_mq, "backward"), depth, config.message_size);
  }

  Ticket ticket(Seat seat) override {
    const bool produces = seat.role == Role::producer;
    const PosixMq& backward = backward_ ? *backward_ : forward_;
    return Ticket{}
        .with("in", (produces ? backward : forward_).name())
        .with("out", (produces ? forward_ : backward).name());
  }
  void attached() noexcept override {
    forward_.remove();
    if (backward_) backward_->remove();
  }

 private:
  PosixMq forward_;  // producers to consumers
  std::optional<PosixMq> backward_;
};

class PosixMqTransport final : public DescribedTransport {
 public:
  PosixMqTransport()
      : DescribedTransport({.name = "posix-mq",
                            .family = "message queue",
                            .row = "message queue",
                            .summary = "POSIX message queue, one for each direction",
                            .man = "mq_overview(7)",
                            .capabilities = {.shape = Shape::message,
                                             .direction = Direction::two_way,
                                             .persistence = Persistence::kernel,
                                             .rendezvous = FoundBy::name,
                                             .keeps_boundaries = true,
                                             .priorities = true,
                                             .many_to_many = true,
                                             .many_senders = true,
                                             .many_receivers = true,
                                             .access_control = true,
                                             .pollable = true},
                            .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll},
                            .options = {{.name = "depth",
                                         .kind = OptionInfo::Kind::count,
                                         .default_value = kSystemDefault,
                                         .values = {"2", "8"},
                                         .summary = "messages that a queue holds (mq_maxmsg); default: what "
                                                    "the system gives"}}}) {}

  Availability probe() const override {
    if (!has_posix_mq()) {
      const Why why = errno == ENOSYS ? Why::not_supported : Why::no_permission;
      return Unavailable{why, fmt::format("POSIX message queues: {}", std::strerror(errno))};
    }
    const PosixMqLimits limits = posix_mq_limits();
    if (posix_mq_affordable(limits.rlimit_msgqueue, kQueues, limits.depth) == 0) {
      return Unavailable{Why::no_resource, fmt::format("{} take at least {}", quota_text(limits, limits.depth),
                                                       kQueues * posix_mq_charge(limits.depth, 1))};
    }
    return limit_with(limits, limits.depth);
  }

  MessageLimit largest_message(const Available&, const OptionValues& options) const override {
    const PosixMqLimits limits = posix_mq_limits();
    return Transport::largest_message(limit_with(limits, asked_depth(options).value_or(limits.depth)), options);
  }

  // Refuses a depth beyond /proc/sys/fs/mqueue/msg_max. A privileged user may exceed that; here nobody does, so that
  // what can be measured doesn't depend on who does it.
  std::string option_refusal(WaitStrategy, std::size_t, const OptionValues& options) const override {
    const PosixMqLimits limits = posix_mq_limits();
    const std::size_t depth = asked_depth(options).value_or(0);
    if (depth <= limits.depth_max) return "";
    return fmt::format("/proc/sys/fs/mqueue/msg_max is {}, the case needs {}: sudo sysctl fs.mqueue.msg_max={}",
                       limits.depth_max, depth, depth);
  }

  std::string channels_refusal(std::size_t channels, std::size_t size, const OptionValues& options) const override {
    const PosixMqLimits limits = posix_mq_limits();
    const std::size_t depth = asked_depth(options).value_or(limits.depth);
    if (channels > limits.queues_max) {
      return fmt::format("/proc/sys/fs/mqueue/queues_max is {}, the case needs {}: sudo sysctl fs.mqueue.queues_max={}",
                         limits.queues_max, channels, channels);
    }
    if (const std::size_t needed = channels * posix_mq_charge(depth, size); needed > limits.rlimit_msgqueue) {
      return fmt::format("RLIMIT_MSGQUEUE, ulimit -q, is {}, {} queues of {} messages need {}", limits.rlimit_msgqueue,
                         channels, depth, needed);
    }
    return Transport::channels_refusal(channels, size, options);
  }

  BufferSizes buffers_here(std::size_t, const OptionValues& options) const override {
    BufferSizes sizes{};
    if (!asked_depth(options)) sizes.add(posix_mq_default_depth(BufferDirection::both));
    return sizes;
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    const PosixMqLimits limits = posix_mq_limits();
    if (config.message_size > limits.msgsize_max) {
      errno = EMSGSIZE;
      throw_errno("mq_open for messages of {} bytes: /proc/sys/fs/mqueue/msgsize_max is {}", config.message_size,
                  limits.msgsize_max);
    }
    if (const std::string refusal = option_refusal(config.wait, config.message_size, config.options);
        !refusal.empty()) {
      throw std::system_error(EINVAL, std::generic_category(), "mq_open: " + refusal);
    }
    return std::make_unique<PosixMqSession>(config, asked_depth(config.options).value_or(limits.depth));
  }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    UniqueFd out = PosixMq::open(ticket.value("out"), O_WRONLY);
    UniqueFd in = PosixMq::open(ticket.value("in"), O_RDONLY);
    const auto sizes = [queue = out.get(), role = config.seat.role, asked = asked_depth(config.options)] {
      return posix_mq_sizes(queue, role == Role::producer ? BufferDirection::forward : BufferDirection::backward,
                            asked);
    };
    return with_buffers(bind_fd_endpoint<PosixMqEndpoint>(config.wait, std::move(in), std::move(out)), sizes);
  }

 private:
  static constexpr std::size_t kQueues = 2;

  static std::string quota_text(const PosixMqLimits& limits, std::size_t depth) {
    return fmt::format("RLIMIT_MSGQUEUE is {} bytes, {} queues of {} messages", limits.rlimit_msgqueue, kQueues, depth);
  }
  static Available limit_with(const PosixMqLimits& limits, std::size_t depth) {
    const std::size_t affordable = posix_mq_affordable(limits.rlimit_msgqueue, kQueues, depth);
    if (affordable < limits.msgsize_max) {
      return {affordable, fmt::format("{} have room for messages of {} bytes", quota_text(limits, depth), affordable)};
    }
    return {limits.msgsize_max, fmt::format("/proc/sys/fs/mqueue/msgsize_max is {}", limits.msgsize_max)};
  }
};

}  // namespace

const Transport& transport_posix_mq() { return the_only<PosixMqTransport>(); }

}  // namespace ipcbench
