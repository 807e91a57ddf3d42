// UDP over the loopback interface, udp(7), carries messages without a connection, and would also cross hosts. udp uses
// IPv4, udp6 uses IPv6. Each side's socket is connected to the other's, so that it takes messages from there alone; a
// socket that many send to can't be.
// Nobody waits for the receiver: a message that finds its buffer full is dropped, and nobody is told. With `window` a
// side has at most that many messages under way; its peer returns credits for those it has taken, on sockets of their
// own.

#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <system_error>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/first_readable.h"
#include "harness/base/usage_error.h"
#include "harness/descriptors/loopback.h"
#include "harness/sdk/fd_message.h"
#include "harness/sdk/simple_transport.h"
#include "harness/sdk/socket_buffers.h"
#include "scenarios/bind_fd.h"

namespace ipcbench {
namespace {

// Silence measures how long there has been nothing to receive.
class Silence {
 public:
  Silence(const Clock& clock, std::uint64_t longest_ns) noexcept : clock_(clock), longest_ns_(longest_ns) {}
  // Returns whether the silence has lasted too long. To be asked after each attempt that found nothing; begins with the
  // first.
  bool too_long() noexcept {
    const std::uint64_t now = clock_.end();
    if (!begun_) begin_ = now;
    begun_ = true;
    return clock_.to_ns(now - begin_) >= longest_ns_;
  }

 private:
  const Clock& clock_;
  std::uint64_t longest_ns_;
  std::uint64_t begin_ = 0;
  bool begun_ = false;
};

// Returns the largest payload. A length has 16 bits; that of IPv4 counts both headers, that of IPv6 UDP's alone.
constexpr std::size_t largest_datagram(IpVersion version) noexcept {
  constexpr std::size_t kLength = 65535, kUdpHeader = 8, kIpHeader = 20;
  return kLength - kUdpHeader - (version == IpVersion::v4 ? kIpHeader : 0);
}

template <class Wait>
class LossyUdp {
 public:
  static constexpr bool kMayLose = true;

  LossyUdp(UniqueFd socket, std::chrono::nanoseconds quiet, const Clock& clock)
      : socket_(std::move(socket)), readable_(socket_.get(), EPOLLIN), quiet_(quiet), clock_(clock) {
    set_blocking_for(socket_.get(), Wait::kStrategy);
  }

  // Sets the timers of a stream, or of a server and its clients. In round trips of a pair only one message is under
  // way, which is never lost; the receiver waits forever, without a timer.
  void prepare(Role, const LoopSpec& spec) noexcept {
    if (spec.has_answers() && traffic_of(spec.scenario) != Traffic::served) return;
    longest_ns_ = static_cast<std::uint64_t>(quiet_.count());
    const auto step = std::chrono::ceil<std::chrono::milliseconds>(quiet_ / 4);  // asks Silence now and then
    readable_.limit_to(static_cast<int>(step.count()));
    const timeval longest{.tv_sec = 0, .tv_usec = static_cast<suseconds_t>(step.count() * 1000)};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  }

  // Sends a message, which over the loopback has arrived, or is lost, when this returns: nothing is left to wait for.
  IoStatus send(ConstBytes message) noexcept {
    while (::send(socket_.get(), message.data(), message.size(), 0) < 0) {
      if (errno == ECONNREFUSED) return IoStatus::peer_closed;  // the answer to one before
      if (errno != EINTR && errno != EAGAIN) return IoStatus::failed;
    }
    return IoStatus::ok;
  }

  Received receive(Bytes buffer) noexcept {
    Silence silence(clock_, longest_ns_);
    while (true) {
      readable_.before();
      // With MSG_TRUNC, recv() returns the message's own length even if the buffer is shorter.
      const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_TRUNC);
      if (size >= 0) [[likely]]
        return {IoStatus::ok, static_cast<std::size_t>(size)};
      if (errno == ECONNREFUSED) return {IoStatus::peer_closed, 0};
      if (errno != EAGAIN && errno != EINTR) return {IoStatus::failed, 0};
      if (silence.too_long()) return {IoStatus::timed_out, 0};
    }
  }
  int watched() const noexcept { return socket_.get(); }

 private:
  UniqueFd socket_;
  [[no_unique_address]] Wait readable_;
  std::chrono::nanoseconds quiet_;
  Clock clock_;
  std::uint64_t longest_ns_ = std::numeric_limits<std::uint64_t>::max();
};

// WindowedUdp loses nothing, as long as the receiver's buffer holds a window.
template <class Wait>
class WindowedUdp {
 public:
  WindowedUdp(UniqueFd messages, UniqueFd credits, std::size_t window)
      : messages_(std::move(messages)),
        credits_(std::move(credits)),
        left_(window),
        batch_(std::max<std::size_t>(1, window / 2)) {}

  IoStatus send(ConstBytes message) noexcept {
    if (left_ == 0) [[unlikely]] {
      std::byte credit;
      const Received received = credits_.receive({&credit, 1});
      if (received.status != IoStatus::ok) return received.status;
      left_ = batch_;
    }
    --left_;
    return messages_.send(message);
  }

  Received receive(Bytes buffer) noexcept {
    const Received received = messages_.receive(buffer);
    if (received.status == IoStatus::ok && ++owed_ == batch_) {
      owed_ = 0;
      constexpr std::byte kCredit{};
      // A peer that is done and gone needs no credit; its message has arrived.
      const IoStatus status = credits_.send({&kCredit, 1});
      if (status == IoStatus::failed) return {status, 0};
    }
    return received;
  }
  int watched() const noexcept { return messages_.watched(); }

 private:
  FdMessage<Wait> messages_;
  FdMessage<Wait> credits_;
  std::size_t left_;      // messages that may still be sent
  std::size_t batch_;     // messages that one returned credit stands for: half a window
  std::size_t owed_ = 0;  // messages taken since the last credit was returned
};

// SocketPair is two sockets, each connected to the other.
struct SocketPair {
  SocketPair(IpVersion version, const SocketBuffers& buffers)
      : ends{ip_socket(version, SOCK_DGRAM), ip_socket(version, SOCK_DGRAM)} {
    for (const UniqueFd& end : ends) buffers.ask(end.get());
    std::array<LoopbackAddress, 2> addresses{LoopbackAddress(version), LoopbackAddress(version)};
    for (std::size_t side = 0; side < 2; ++side) addresses[side].bind_any_port(ends[side].get());
    for (std::size_t side = 0; side < 2; ++side) addresses[1 - side].connect(ends[side].get());
  }

  std::array<UniqueFd, 2> ends;  // by Role
};

// Inbox is a bound socket that several consumers may have in common, and any number of producers send to.
class Inbox {
 public:
  Inbox(IpVersion version, const SocketBuffers& buffers, std::size_t consumers)
      : version_(version), buffers_(buffers), address_(version), socket_(bound(), consumers) {}

  UniqueFd take() { return socket_.take(); }
  // Returns a socket of its own for the next producer.
  UniqueFd connected() const {
    UniqueFd socket = fresh();
    address_.connect(socket.get());
    return socket;
  }

 private:
  UniqueFd fresh() const {
    UniqueFd socket = ip_socket(version_, SOCK_DGRAM);
    buffers_.ask(socket.get());
    return socket;
  }
  UniqueFd bound() {
    UniqueFd socket = fresh();
    address_.bind_any_port(socket.get());
    return socket;
  }

  IpVersion version_;
  SocketBuffers buffers_;
  LoopbackAddress address_;
  SharedDescriptor socket_;
};

// BufferRoom is how many messages of one size a receive buffer is sure to hold.
struct BufferRoom {
  std::size_t messages;
  std::size_t message_bytes;  // what one of them takes up, the kernel's overhead included
  std::size_t buffer_bytes;
};

// Sends one message and reads what it takes (SO_MEMINFO, Linux 4.12), since the overhead depends on the size and on the
// kernel. A quarter of the buffer is left out, because the kernel may give back that much late. Throws
// std::system_error.
BufferRoom buffer_room(IpVersion version, std::size_t size, const SocketBuffers& buffers) {
  const SocketPair pair(version, buffers);
  const std::vector<std::byte> message(size);
  if (::send(pair.ends[0].get(), message.data(), size, 0) < 0) throw_errno("send of {} bytes over UDP", size);
  first_readable({pair.ends[1].get()}, std::chrono::steady_clock::now() + std::chrono::seconds(1));
  std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
  socklen_t length = sizeof memory;
  if (::getsockopt(pair.ends[1].get(), SOL_SOCKET, SO_MEMINFO, memory.data(), &length) != 0) {
    throw_errno("getsockopt SO_MEMINFO");
  }
  const std::size_t buffer = memory[SK_MEMINFO_RCVBUF];
  const std::size_t taken = std::max<std::size_t>(memory[SK_MEMINFO_RMEM_ALLOC], size);
  return {.messages = (buffer - buffer / 4) / taken, .message_bytes = taken, .buffer_bytes = buffer};
}

// Says why a window doesn't fit into the receive buffer, or a message can't be sent with such buffers; "" if neither.
std::string buffer_refusal(IpVersion version, std::size_t window, std::size_t size, const SocketBuffers& buffers) {
  if (window == 0 && !buffers.asked_send() && !buffers.asked_receive()) return "";
  const BufferRoom room = buffer_room(version, size, buffers);
  if (window <= room.messages) return "";
  const auto& asked = buffers.asked_receive();
  return fmt::format("{} is {}, where messages of {} bytes take {} each: {} of them are sure to fit, the window is {}",
                     asked ? fmt::format("SO_RCVBUF with rcvbuf={}", *asked) : "/proc/sys/net/core/rmem_default",
                     room.buffer_bytes, size, room.message_bytes, room.messages, window);
}

std::size_t window_of(const OptionValues& options) {
  const std::string& value = options.find("window")->second;
  return value == "0" ? 0 : parse_count(value, "window");
}

class UdpSession final : public Session {
 public:
  UdpSession(IpVersion version, const SessionConfig& config, const SocketBuffers& buffers) {
    if (config.pattern.is_pair()) {
      messages_.emplace(version, buffers);
    } else {
      inbox_.emplace(version, buffers, config.pattern.consumers);
    }
    const std::size_t window = window_of(config.options);
    if (const std::string refusal = buffer_refusal(version, window, config.message_size, buffers); !refusal.empty()) {
      throw std::system_error(ENOBUFS, std::generic_category(), refusal);
    }
    if (window != 0) credits_.emplace(version, SocketBuffers(SocketKind::udp));
  }

  Ticket ticket(Seat seat) override {
    if (inbox_) return Ticket{}.with("messages", seat.role == Role::producer ? inbox_->connected() : inbox_->take());
    const auto side = static_cast<std::size_t>(seat.role);
    Ticket ticket = Ticket{}.with("messages", std::move(messages_->ends[side]));
    if (credits_) ticket.descriptors["credits"] = std::move(credits_->ends[side]);
    return ticket;
  }

 private:
  std::optional<SocketPair> messages_;  // of a pair
  std::optional<Inbox> inbox_;          // of more than two
  std::optional<SocketPair> credits_;   // with a window only
};

class UdpTransport final : public DescribedTransport {
 public:
  explicit UdpTransport(IpVersion version)
      : DescribedTransport(
            {.name = version == IpVersion::v4 ? "udp" : "udp6",
             .family = "network socket",
             .row = "network socket",
             .summary = version == IpVersion::v4 ? "UDP over the IPv4 loopback" : "UDP over the IPv6 loopback",
             .man = "udp(7)",
             .capabilities = {.shape = Shape::message,
                              .direction = Direction::two_way,
                              .rendezvous = FoundBy::address,
                              .max_message = largest_datagram(version),
                              .keeps_boundaries = true,
                              .reliable = false,
                              .ordered = false,
                              .self_synchronising = false,
                              .many_to_many = true,
                              .many_senders = true,
                              .many_receivers = true,
                              .crosses_hosts = true,
                              .pollable = true,
                              .when_full = WhenFull::loses},
             .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll},
             .options = {rcvbuf_option(),
                         sndbuf_option(),
                         {.name = "window",
                          .kind = OptionInfo::Kind::count,
                          .default_value = "0",
                          .values = {"2", "64"},
                          .summary = "messages that may be under way in each direction, so that none is lost; "
                                     "0: any number"}}}),
        version_(version) {}

  // With a window the sender waits for the one receiver that counts what it has sent. These capabilities hold on the
  // loopback, where nothing else loses or reorders.
  Capabilities capabilities(const OptionValues& options) const override {
    Capabilities can = info().capabilities;
    if (window_of(options) != 0) {
      can.reliable = can.ordered = can.self_synchronising = true;
      can.when_full = WhenFull::blocks;
      can.many_senders = can.many_receivers = false;
    }
    return can;
  }

  Availability probe() const override {
    const auto refusal = loopback_refusal(version_, SOCK_DGRAM);
    if (!refusal) return Available{};
    const bool used_up = refusal->code() == std::errc::address_in_use;
    return Unavailable{used_up ? Why::no_resource : Why::not_supported, refusal->what()};
  }

  // Returns the largest message that the buffers hold; with a window, that many of them.
  MessageLimit largest_message(const Available& host, const OptionValues& options) const override {
    const MessageLimit own = Transport::largest_message(host, options);
    const std::size_t window = window_of(options);
    const SocketBuffers buffers(SocketKind::udp, options);
    try {
      std::string reason = buffer_refusal(version_, window, own.bytes, buffers);
      if (reason.empty()) return own;
      std::size_t fits = 0;
      for (std::size_t too_large = own.bytes; too_large - fits > 1;) {
        const std::size_t middle = fits + (too_large - fits) / 2;
        std::string refusal = buffer_refusal(version_, window, middle, buffers);
        if (refusal.empty()) {
          fits = middle;
        } else {
          too_large = middle;
          reason = std::move(refusal);
        }
      }
      if (fits == 0) return own;  // option_refusal() says why
      return {fits, reason};
    } catch (const std::system_error&) {  // then option_refusal() says why
      return own;
    }
  }

  std::string channels_refusal(std::size_t channels, std::size_t size, const OptionValues& options) const override {
    if (window_of(options) != 0) return "what a window grants comes back, and these channels carry one way";
    return Transport::channels_refusal(channels, size, options);
  }
  std::string option_refusal(WaitStrategy, std::size_t size, const OptionValues& options) const override {
    const SocketBuffers buffers(SocketKind::udp, options);
    if (std::string refusal = buffers.refusal(); !refusal.empty()) return refusal;
    try {
      return buffer_refusal(version_, window_of(options), size, buffers);
    } catch (const std::system_error& error) {
      return error.what();
    }
  }

  BufferSizes buffers_here(std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::udp, options).sizes_here();
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<UdpSession>(version_, config, SocketBuffers(SocketKind::udp, config.options));
  }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    UniqueFd messages = ticket.take("messages");
    auto sizes = SocketBuffers(SocketKind::udp, config.options).reader(messages.get(), config.seat.role);
    const std::size_t window = window_of(config.options);
    auto endpoint =
        window == 0 ? bind_fd_endpoint<LossyUdp>(config.wait, std::move(messages), config.quiet, config.clock)
                    : bind_fd_endpoint<WindowedUdp>(config.wait, std::move(messages), ticket.take("credits"), window);
    return with_buffers(std::move(endpoint), std::move(sizes));
  }

 private:
  IpVersion version_;
};

}  // namespace

const Transport& transport_udp() {
  static const UdpTransport transport(IpVersion::v4);
  return transport;
}

const Transport& transport_udp6() {
  static const UdpTransport transport(IpVersion::v6);
  return transport;
}

}  // namespace ipcbench
