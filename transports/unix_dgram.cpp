// UNIX domain datagram sockets, unix(7), carry messages without a connection. Each side has a name and sends to the
// other's. On Linux nothing is lost or reordered: a sender waits for room.

#include <array>
#include <memory>
#include <system_error>

#include <fmt/core.h>

#include "harness/descriptors/unix_address.h"
#include "harness/sdk/socket_buffers.h"
#include "harness/sdk/transport.h"
#include "scenarios/bind_descriptors.h"

namespace ipcbench {
namespace {

class UnixDgramSession final : public Session {
 public:
  explicit UnixDgramSession(const SessionConfig& config)
      : wait_(config.wait),
        buffers_(SocketKind::local, config.options),
        sides_{Side(config, "unix-dgram-producer"), Side(config, "unix-dgram-consumer")} {}

  // Opens a side. Both names are bound before the fork, so neither side has to wait for the other.
  std::unique_ptr<Endpoint> open(Role role) override {
    UniqueFd socket = std::move(side(role).socket);
    buffers_.ask(socket.get());
    buffers_.watch(socket.get());
    side(other(role)).name.address().connect(socket.get());
    side(other(role)).socket.reset();  // else it would outlive the peer, who would seem to live
    return bind_messages(wait_, std::move(socket));
  }

  BufferSizes buffers(Role role) const override { return buffers_.sizes(role); }

  void attached() noexcept override {
    for (Side& side : sides_) {
      side.socket.reset();
      side.name.remove();
    }
  }

 private:
  struct Side {
    Side(const SessionConfig& config, std::string_view stem)
        : name(config.run_dir, stem, UnixName::parse_space(config.option("name"))) {
      name.address().bind(socket.get());
    }
    UnixName name;
    UniqueFd socket = unix_socket(SOCK_DGRAM);
  };
  Side& side(Role role) { return sides_[static_cast<std::size_t>(role)]; }

  WaitStrategy wait_;
  SocketBuffers buffers_;
  std::array<Side, 2> sides_;  // by Role
};

class UnixDgramTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "unix-dgram",
                                    .family = "UNIX domain socket",
                                    .row = "UNIX domain socket",
                                    .summary = "UNIX domain datagram sockets, a path for each side",
                                    .man = "unix(7)",
                                    .capabilities = {.shape = Shape::message,
                                                     .direction = Direction::two_way,
                                                     .persistence = Persistence::file_system,
                                                     .rendezvous = Rendezvous::path,
                                                     .keeps_boundaries = true,
                                                     .many_to_many = true,
                                                     .access_control = true,
                                                     .pollable = true},
                                    .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll},
                                    .options = {{.name = "name",
                                                 .default_value = "path",
                                                 .values = {"path", "abstract"},
                                                 .summary = "where a side is found: a path, or an abstract name"},
                                                rcvbuf_option(),
                                                sndbuf_option()}};
    return info;
  }

  Availability probe() const override {
    try {
      return limit_with(SocketBuffers(SocketKind::local));
    } catch (const std::system_error& error) {
      return Unavailable{Why::not_supported, error.what()};
    }
  }
  MessageLimit largest_message(const Available&, const OptionValues& options) const override {
    return Transport::largest_message(limit_with(SocketBuffers(SocketKind::local, options)), options);
  }
  std::string option_refusal(WaitStrategy, std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::local, options).refusal();
  }
  BufferSizes buffers_here(std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::local, options).sizes_here();
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<UnixDgramSession>(config);
  }

 private:
  // A message goes through the send buffer in one piece, so the buffer limits it.
  static Available limit_with(const SocketBuffers& buffers) {
    const auto& asked = buffers.asked_send();
    const UnixMessageLimit limit = unix_message_limit(SOCK_DGRAM, asked);
    return {limit.max_message,
            fmt::format("{} is {}, which holds {} bytes",
                        asked ? fmt::format("SO_SNDBUF with sndbuf={}", *asked) : "/proc/sys/net/core/wmem_default",
                        limit.send_buffer, limit.max_message)};
  }
};

}  // namespace

const Transport& transport_unix_dgram() {
  static const UnixDgramTransport transport;
  return transport;
}

}  // namespace ipcbench
