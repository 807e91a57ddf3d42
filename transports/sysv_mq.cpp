// A System V message queue, sysvipc(7) and msgop(2), carries typed messages under a key. Both directions share one
// queue, and each side receives only the types sent to it.

#include <sys/ipc.h>
#include <sys/msg.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <optional>
#include <system_error>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/ipc/sysv_queue.h"
#include "harness/memory/mapping.h"
#include "harness/sdk/simple_transport.h"
#include "scenarios/bind.h"

namespace ipcbench {
namespace {

// TypedMessage is what the kernel takes: a long, the type, and the text right behind it. A program would build its
// message there; the loops build theirs elsewhere. Each message is therefore copied once more on each side, which takes
// a few ns for 64 bytes.
class TypedMessage {
 public:
  explicit TypedMessage(std::size_t largest)
      : memory_(Mapping::private_anonymous(kText + largest)), text_(memory_.data() + kText), largest_(largest) {}

  void* get() const noexcept { return text_ - sizeof(long); }
  void put(long type, ConstBytes text) const noexcept {
    std::memcpy(get(), &type, sizeof type);
    std::memcpy(text_, text.data(), text.size());
  }
  void take(Bytes text) const noexcept { std::memcpy(text.data(), text_, text.size()); }
  std::size_t largest() const noexcept { return largest_; }

 private:
  static constexpr std::size_t kText = 64;  // the text begins a cache line

  Mapping memory_;
  std::byte* text_;
  std::size_t largest_;
};

template <WaitStrategy kWait>
class SysvMqEndpoint {
 public:
  // `in` and `out` are the same queue, or one for each direction.
  SysvMqEndpoint(Role role, int in, int out, std::size_t largest)
      : role_(role), in_(in), out_(out), message_(largest) {}

  IoStatus send(ConstBytes message) noexcept { return send_as(0, message); }
  Received receive(Bytes buffer) noexcept { return receive_as(0, buffer); }

  IoStatus send_as(unsigned kind, ConstBytes message) noexcept {
    message_.put(type_of(role_, kind), message);
    while (::msgsnd(out_, message_.get(), message.size(), kFlags) != 0) {
      if (errno != EAGAIN && errno != EINTR) [[unlikely]]
        return IoStatus::failed;
    }
    return IoStatus::ok;
  }

  // A message longer than the buffer stays in the queue: E2BIG.
  Received receive_as(unsigned kind, Bytes buffer) noexcept {
    const long type = type_of(other(role_), kind);
    const std::size_t room = std::min(buffer.size(), message_.largest());
    while (true) {
      const ssize_t size = ::msgrcv(in_, message_.get(), room, type, kFlags);
      if (size >= 0) [[likely]] {
        const auto received = static_cast<std::size_t>(size);
        message_.take(buffer.first(received));
        return {IoStatus::ok, received};
      }
      if (errno != ENOMSG && errno != EINTR) return {IoStatus::failed, 0};
    }
  }

 private:
  static constexpr int kFlags = kWait == WaitStrategy::spin ? IPC_NOWAIT : 0;

  // Returns the type of a sender's messages: 1 and 2 are a producer's and a consumer's plain messages, since 0 is no
  // type.
  static long type_of(Role sender, unsigned kind) noexcept { return 1 + static_cast<long>(sender) + 2 * long{kind}; }

  Role role_;
  int in_;
  int out_;
  TypedMessage message_;
};

// Returns the bytes of a queue with room for as many messages as `depth` asks for.
std::optional<std::size_t> asked_bytes(std::size_t message_size, const OptionValues& options) {
  const std::optional<std::size_t> depth = asked_count(options, "depth");
  if (!depth) return std::nullopt;
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  return message_size > kMost / *depth ? kMost : *depth * message_size;
}

class SysvMqSession final : public Session {
 public:
  explicit SysvMqSession(const SessionConfig& config) : forward_(config.run_dir) {
    if (config.option("queues") == "2" && config.pattern.is_pair()) backward_.emplace(config.run_dir);
    const std::optional<std::size_t> bytes = asked_bytes(config.message_size, config.options);
    if (!bytes) return;
    forward_.set_bytes(*bytes);
    if (backward_) backward_->set_bytes(*bytes);
  }

  Ticket ticket(Seat seat) override {
    const SysvQueue& backward = backward_ ? *backward_ : forward_;
    const bool produces = seat.role == Role::producer;
    return Ticket{}
        .with("in", fmt::format("{}", (produces ? backward : forward_).key()))
        .with("out", fmt::format("{}", (produces ? forward_ : backward).key()));
  }

 private:
  SysvQueue forward_;  // producer to consumer, or both
  std::optional<SysvQueue> backward_;
};

class SysvMqTransport final : public SimpleTransport<SysvMqSession> {
 public:
  SysvMqTransport()
      : SimpleTransport(
            {.name = "sysv-mq",
             .family = "message queue",
             .row = "message queue",
             .summary = "System V message queue, a type for each direction",
             .man = "msgop(2)",
             .capabilities = {.shape = Shape::message,
                              .direction = Direction::two_way,
                              .persistence = Persistence::kernel,
                              .rendezvous = FoundBy::key,
                              .keeps_boundaries = true,
                              .typed = true,
                              .many_to_many = true,
                              .many_senders = true,
                              .many_receivers = true,
                              .access_control = true},
             .waits = {WaitStrategy::block, WaitStrategy::spin},
             .options = {
                 {.name = "depth",
                  .kind = OptionInfo::Kind::count,
                  .default_value = kSystemDefault,
                  .values = {"2", "4"},
                  .summary = "messages of the case's size that a queue holds (msg_qbytes); default: what the system "
                             "gives"},
                 {.name = "queues",
                  .default_value = "1",
                  .values = {"1", "2"},
                  .summary = "2: one for each direction, so that a full one doesn't hold up the other"}}}) {}

  Availability probe() const override {
    const auto limits = sysv_queue_limits();
    if (!limits) {
      const Why why = errno == ENOSYS ? Why::not_supported : Why::no_permission;
      return Unavailable{why, fmt::format("msgctl MSG_INFO: {}", std::strerror(errno))};
    }
    if (limits->queues >= limits->msgmni) {
      return Unavailable{Why::no_resource, fmt::format("/proc/sys/kernel/msgmni is {}, and {} message queues exist",
                                                       limits->msgmni, limits->queues)};
    }
    // A message that doesn't fit into an empty queue would wait for room forever.
    if (limits->msgmnb < limits->msgmax) {
      return Available{limits->msgmnb, fmt::format("/proc/sys/kernel/msgmnb is {}", limits->msgmnb)};
    }
    return Available{limits->msgmax, fmt::format("/proc/sys/kernel/msgmax is {}", limits->msgmax)};
  }

  // Refuses a queue beyond msgmnb. A privileged user may exceed that; here nobody does, as with POSIX queues.
  std::string option_refusal(WaitStrategy, std::size_t size, const OptionValues& options) const override {
    const auto limits = sysv_queue_limits();
    const std::optional<std::size_t> bytes = asked_bytes(size, options);
    if (!limits || !bytes || *bytes <= limits->msgmnb) return "";
    return fmt::format(
        "/proc/sys/kernel/msgmnb is {}, a queue for {} messages of {} bytes needs {}: sudo sysctl kernel.msgmnb={}",
        limits->msgmnb, *asked_count(options, "depth"), size, *bytes, *bytes);
  }

  BufferSizes buffers_here(std::size_t, const OptionValues& options) const override {
    BufferSizes sizes{};
    if (!asked_count(options, "depth")) sizes.add(sysv_queue_default_size(BufferDirection::both));
    return sizes;
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    if (const std::string refusal = option_refusal(config.wait, config.message_size, config.options);
        !refusal.empty()) {
      throw std::system_error(EPERM, std::generic_category(), "msgctl IPC_SET: " + refusal);
    }
    const auto limits = sysv_queue_limits();
    if (limits && config.message_size > limits->msgmnb) {
      errno = EMSGSIZE;
      throw_errno("msgget for messages of {} bytes: /proc/sys/kernel/msgmnb is {}", config.message_size,
                  limits->msgmnb);
    }
    return std::make_unique<SysvMqSession>(config);
  }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const bool produces = config.seat.role == Role::producer;
    const bool shares = config.option("queues") == "1" || !config.pattern.is_pair();
    const int out = SysvQueue::open(key_in(ticket, "out"));
    const int in = shares ? out : SysvQueue::open(key_in(ticket, "in"));
    // A queue that both directions share is reported by the producer.
    const auto sizes = [out, produces, shares, asked = asked_bytes(config.message_size, config.options)] {
      const BufferDirection direction = produces ? BufferDirection::forward : BufferDirection::backward;
      BufferSizes own{};
      if (produces || !shares) own.add(sysv_queue_size(out, shares ? BufferDirection::both : direction, asked));
      return own;
    };
    return with_buffers(bind_by_wait<SysvMqEndpoint>(config.wait, config.seat.role, in, out, config.message_size),
                        sizes);
  }
};

}  // namespace

const Transport& transport_sysv_mq() { return the_only<SysvMqTransport>(); }

}  // namespace ipcbench
