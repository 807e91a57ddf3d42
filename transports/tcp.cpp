// TCP over the loopback interface, tcp(7), is a two-way byte stream that would also cross hosts. tcp uses IPv4, ip(7);
// tcp6 uses IPv6, ipv6(7).

#include <netinet/tcp.h>
#include <sys/socket.h>

#include "harness/base/error.h"
#include "harness/descriptors/loopback.h"
#include "harness/sdk/socket_buffers.h"
#include "harness/sdk/transport.h"
#include "scenarios/bind_descriptors.h"

namespace ipcbench {
namespace {

class TcpSession final : public Session {
 public:
  TcpSession(IpVersion version, const SessionConfig& config)
      : version_(version),
        wait_(config.wait),
        nodelay_(config.option("nodelay") == "1"),
        buffers_(SocketKind::tcp, config.options) {
    buffers_.ask(listener_.get());  // which the sockets that it accepts inherit
    address_.bind_any_port(listener_.get());
    if (::listen(listener_.get(), 1) != 0) throw_errno("listen on {}", address_.text());
  }

  std::unique_ptr<Endpoint> open(Role role) override {
    UniqueFd peer = role == Role::producer ? connect() : accept();
    listener_.reset();
    buffers_.watch(peer.get());
    const int nodelay = nodelay_ ? 1 : 0;
    if (::setsockopt(peer.get(), IPPROTO_TCP, TCP_NODELAY, &nodelay, sizeof nodelay) != 0) {
      throw_errno("setsockopt TCP_NODELAY");
    }
    return bind_stream(wait_, std::move(peer));
  }

  BufferSizes buffers(Role role) const override { return buffers_.sizes(role); }

  void attached() noexcept override { listener_.reset(); }

 private:
  UniqueFd connect() const {
    UniqueFd fd = ip_socket(version_, SOCK_STREAM);
    buffers_.ask(fd.get());
    address_.connect(fd.get());
    return fd;
  }
  UniqueFd accept() const {
    UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd) throw_errno("accept on {}", address_.text());
    return fd;
  }

  IpVersion version_;
  WaitStrategy wait_;
  bool nodelay_;
  SocketBuffers buffers_;
  LoopbackAddress address_{version_};
  UniqueFd listener_ = ip_socket(version_, SOCK_STREAM);
};

class TcpTransport final : public Transport {
 public:
  explicit TcpTransport(IpVersion version)
      : version_(version),
        info_{.name = version == IpVersion::v4 ? "tcp" : "tcp6",
              .family = "network socket",
              .row = "network socket",
              .summary = version == IpVersion::v4 ? "TCP over the IPv4 loopback" : "TCP over the IPv6 loopback",
              .man = "tcp(7)",
              .capabilities = {.shape = Shape::byte_stream,
                               .direction = Direction::two_way,
                               .rendezvous = Rendezvous::address,
                               .many_to_many = true,
                               .crosses_hosts = true,
                               .pollable = true,
                               .sees_peer_close = true},
              .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll},
              .options = {{.name = "nodelay",
                           .default_value = "1",
                           .values = {"0", "1"},
                           .summary = "TCP_NODELAY: 1 sends at once, 0 lets Nagle's algorithm wait"},
                          rcvbuf_option(),
                          sndbuf_option()}} {}

  const TransportInfo& info() const noexcept override { return info_; }

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

 private:
  IpVersion version_;
  TransportInfo info_;
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
