// TCP over the IPv4 loopback, tcp(7): a two-way byte stream that would also cross hosts.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstring>

#include "harness/os/error.h"
#include "harness/transport/fd_stream.h"
#include "harness/transport/transport.h"
#include "scenarios/bind_fd.h"

namespace ipcbench {
namespace {

UniqueFd tcp_socket() {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP));
  if (!fd) throw_errno("socket AF_INET SOCK_STREAM");
  return fd;
}

// The loopback interface, a port of the kernel's choice.
UniqueFd listen_on_loopback(sockaddr_in& address) {
  UniqueFd fd = tcp_socket();
  address = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) throw_errno("bind 127.0.0.1:0");
  if (::listen(fd.get(), 1) != 0) throw_errno("listen on 127.0.0.1");
  if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) throw_errno("getsockname");
  return fd;
}

class TcpSession final : public Session {
 public:
  explicit TcpSession(const SessionConfig& config) : wait_(config.wait), nodelay_(config.option("nodelay") == "1") {}

  std::unique_ptr<Endpoint> open(Role role) override {
    UniqueFd peer = role == Role::producer ? connect() : accept();
    listener_.reset();
    const int nodelay = nodelay_ ? 1 : 0;
    if (::setsockopt(peer.get(), IPPROTO_TCP, TCP_NODELAY, &nodelay, sizeof nodelay) != 0) {
      throw_errno("setsockopt TCP_NODELAY");
    }
    return bind_fd_endpoint<FdStream>(wait_, std::move(peer));
  }

  void attached() noexcept override { listener_.reset(); }

 private:
  UniqueFd connect() const {
    UniqueFd fd = tcp_socket();
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address_), sizeof address_) != 0) {
      throw_errno("connect 127.0.0.1:{}", ntohs(address_.sin_port));
    }
    return fd;
  }
  UniqueFd accept() const {
    UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd) throw_errno("accept on 127.0.0.1:{}", ntohs(address_.sin_port));
    return fd;
  }

  WaitStrategy wait_;
  bool nodelay_;
  sockaddr_in address_{};
  UniqueFd listener_ = listen_on_loopback(address_);
};

class TcpTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{
        .name = "tcp",
        .family = "network socket",
        .row = "network socket",
        .summary = "TCP over the IPv4 loopback",
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
                     .summary = "TCP_NODELAY: 1 sends at once, 0 lets Nagle's algorithm wait"}}};
    return info;
  }

  Availability probe() const override {
    const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP));
    if (!fd) return Unavailable{Why::not_supported, fmt::format("socket AF_INET: {}", std::strerror(errno))};
    return Available{};
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<TcpSession>(config);
  }
};

}  // namespace

const Transport& transport_tcp() {
  static const TcpTransport transport;
  return transport;
}

}  // namespace ipcbench
