// TCP over the loopback interface, tcp(7), is a two-way byte stream that would also cross hosts. tcp uses IPv4, ip(7);
// tcp6 uses IPv6, ipv6(7).

#include <netinet/tcp.h>
#include <sys/socket.h>

#include "harness/base/error.h"
#include "harness/descriptors/loopback.h"
#include "harness/sdk/simple_transport.h"
#include "harness/sdk/socket_buffers.h"
#include "scenarios/bind_descriptors.h"

namespace ipcbench {
namespace {

class TcpSession final : public Session {
 public:
  TcpSession(IpVersion version, const SessionConfig& config)
      : address_(version), listener_(ip_socket(version, SOCK_STREAM)) {
    // The sockets that it accepts inherit its buffers.
    SocketBuffers(SocketKind::tcp, config.options).ask(listener_.get());
    address_.bind_any_port(listener_.get());
    if (::listen(listener_.get(), 1) != 0) throw_errno("listen on {}", address_.text());
  }

  Ticket ticket(Seat seat) override {
    Ticket ticket = Ticket{}.with("port", fmt::format("{}", address_.port()));
    if (seat.role == Role::consumer) ticket.descriptors["listener"] = std::move(listener_);
    return ticket;
  }

 private:
  LoopbackAddress address_;
  UniqueFd listener_;
};

class TcpTransport final : public DescribedTransport {
 public:
  explicit TcpTransport(IpVersion version)
      : DescribedTransport(
            {.name = version == IpVersion::v4 ? "tcp" : "tcp6",
             .family = "network socket",
             .row = "network socket",
             .summary = version == IpVersion::v4 ? "TCP over the IPv4 loopback" : "TCP over the IPv6 loopback",
             .man = "tcp(7)",
             .capabilities = {.shape = Shape::byte_stream,
                              .direction = Direction::two_way,
                              .rendezvous = FoundBy::address,
                              .many_to_many = true,
                              .crosses_hosts = true,
                              .pollable = true,
                              .sees_peer_close = true},
             .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll, WaitStrategy::io_uring},
             .options = {{.name = "nodelay",
                          .default_value = "1",
                          .values = {"0", "1"},
                          .summary = "TCP_NODELAY: 1 sends at once, 0 lets Nagle's algorithm wait"},
                         rcvbuf_option(),
                         sndbuf_option()}}),
        version_(version) {}

  Availability probe() const override {
    const auto refusal = loopback_refusal(version_, SOCK_STREAM);
    if (!refusal) return Available{};
    const bool used_up = refusal->code() == std::errc::address_in_use;
    return Unavailable{used_up ? Why::no_resource : Why::not_supported, refusal->what()};
  }

  std::string option_refusal(WaitStrategy, std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::tcp, options).refusal();
  }
  BufferSizes buffers_here(std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::tcp, options).sizes_here();
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<TcpSession>(version_, config);
  }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const SocketBuffers buffers(SocketKind::tcp, config.options);
    const LoopbackAddress address(version_, static_cast<std::uint16_t>(number_in(ticket, "port")));
    UniqueFd peer =
        config.seat.role == Role::producer ? connect(address, buffers) : accept(ticket.take("listener"), address);
    const int nodelay = config.option("nodelay") == "1" ? 1 : 0;
    if (::setsockopt(peer.get(), IPPROTO_TCP, TCP_NODELAY, &nodelay, sizeof nodelay) != 0) {
      throw_errno("setsockopt TCP_NODELAY");
    }
    auto sizes = buffers.reader(peer.get(), config.seat.role);
    return with_buffers(bind_stream(config.wait, std::move(peer)), std::move(sizes));
  }

 private:
  UniqueFd connect(const LoopbackAddress& address, const SocketBuffers& buffers) const {
    UniqueFd fd = ip_socket(version_, SOCK_STREAM);
    buffers.ask(fd.get());
    address.connect(fd.get());
    return fd;
  }
  static UniqueFd accept(const UniqueFd& listener, const LoopbackAddress& address) {
    UniqueFd fd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd) throw_errno("accept on {}", address.text());
    return fd;
  }

  IpVersion version_;
};

}  // namespace

const Transport& transport_tcp() {
  static const TcpTransport transport(IpVersion::v4);
  return transport;
}

const Transport& transport_tcp6() {
  static const TcpTransport transport(IpVersion::v6);
  return transport;
}

}  // namespace ipcbench
