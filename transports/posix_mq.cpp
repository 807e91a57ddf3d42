// POSIX message queues, mq_overview(7): messages with priorities, kept by the kernel under a name; one queue for each
// direction. A message is handed over in the caller's own buffers.

#include "harness/os/posix_mq.h"

#include <fcntl.h>
#include <mqueue.h>
#include <sys/epoll.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/os/error.h"
#include "harness/transport/fd_wait.h"
#include "harness/transport/transport.h"
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

class PosixMqSession final : public Session {
 public:
  // mq_receive() refuses a buffer shorter than the queue's largest message, so that is the session's.
  PosixMqSession(const SessionConfig& config, std::size_t depth)
      : wait_(config.wait),
        forward_(config.run_dir.claim_name(RunDir::Kind::posix_mq, "forward"), depth, config.message_size),
        backward_(config.run_dir.claim_name(RunDir::Kind::posix_mq, "backward"), depth, config.message_size) {}

  std::unique_ptr<Endpoint> open(Role role) override {
    const PosixMq& in = role == Role::producer ? backward_ : forward_;
    const PosixMq& out = role == Role::producer ? forward_ : backward_;
    return bind_fd_endpoint<PosixMqEndpoint>(wait_, in.open(O_RDONLY), out.open(O_WRONLY));
  }

  void attached() noexcept override {
    forward_.unlink();
    backward_.unlink();
  }

 private:
  WaitStrategy wait_;
  PosixMq forward_;  // producer to consumer
  PosixMq backward_;
};

class PosixMqTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "posix-mq",
                                    .family = "message queue",
                                    .row = "message queue",
                                    .summary = "POSIX message queue, one for each direction",
                                    .man = "mq_overview(7)",
                                    .capabilities = {.shape = Shape::message,
                                                     .direction = Direction::two_way,
                                                     .persistence = Persistence::kernel,
                                                     .rendezvous = Rendezvous::name,
                                                     .keeps_boundaries = true,
                                                     .priorities = true,
                                                     .many_to_many = true,
                                                     .access_control = true,
                                                     .pollable = true},
                                    .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll}};
    return info;
  }

  Availability probe() const override {
    if (!has_posix_mq()) {
      const Why why = errno == ENOSYS ? Why::not_supported : Why::no_permission;
      return Unavailable{why, fmt::format("POSIX message queues: {}", std::strerror(errno))};
    }
    const PosixMqLimits limits = posix_mq_limits();
    const std::size_t affordable = posix_mq_affordable(limits.rlimit_msgqueue, kQueues, limits.depth);
    const std::string quota = fmt::format("RLIMIT_MSGQUEUE is {} bytes, {} queues of {} messages",
                                          limits.rlimit_msgqueue, kQueues, limits.depth);
    if (affordable == 0) {
      return Unavailable{Why::no_resource,
                         fmt::format("{} take at least {}", quota, kQueues * posix_mq_charge(limits.depth, 1))};
    }
    if (affordable < limits.msgsize_max) {
      return Available{affordable, fmt::format("{} have room for messages of {} bytes", quota, affordable)};
    }
    return Available{limits.msgsize_max, fmt::format("/proc/sys/fs/mqueue/msgsize_max is {}", limits.msgsize_max)};
  }

  // A privileged user may exceed the bounds in /proc/sys/fs/mqueue; here nobody does, so that what can be measured
  // doesn't depend on who does it.
  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    const PosixMqLimits limits = posix_mq_limits();
    if (config.message_size > limits.msgsize_max) {
      errno = EMSGSIZE;
      throw_errno("mq_open for messages of {} bytes: /proc/sys/fs/mqueue/msgsize_max is {}", config.message_size,
                  limits.msgsize_max);
    }
    return std::make_unique<PosixMqSession>(config, limits.depth);
  }

 private:
  static constexpr std::size_t kQueues = 2;
};

}  // namespace

const Transport& transport_posix_mq() {
  static const PosixMqTransport transport;
  return transport;
}

}  // namespace ipcbench
