// A UNIX domain stream socket, unix(7), is a two-way byte stream between local processes that meet at a path or an
// abstract name.

#include "harness/descriptors/unix_listener.h"
#include "harness/sdk/socket_buffers.h"
#include "harness/sdk/transport.h"
#include "scenarios/bind_descriptors.h"

namespace ipcbench {
namespace {

class UnixStreamSession final : public Session {
 public:
  explicit UnixStreamSession(const SessionConfig& config)
      : wait_(config.wait),
        buffers_(SocketKind::local, config.options),
        listener_(SOCK_STREAM, config.run_dir, "unix-stream", UnixName::parse_space(config.option("name"))) {}

  std::unique_ptr<Endpoint> open(Role role) override {
    UniqueFd peer = listener_.meet(role == Role::producer);
    buffers_.ask(peer.get());
    buffers_.watch(peer.get());
    return bind_stream(wait_, std::move(peer));
  }

  BufferSizes buffers(Role role) const override { return buffers_.sizes(role); }

  void attached() noexcept override { listener_.remove(); }

 private:
  WaitStrategy wait_;
  SocketBuffers buffers_;
  UnixListener listener_;
};

class UnixStreamTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "unix-stream",
                                    .family = "UNIX domain socket",
                                    .row = "UNIX domain socket",
                                    .summary = "UNIX domain stream socket at a path",
                                    .man = "unix(7)",
                                    .capabilities = {.shape = Shape::byte_stream,
                                                     .direction = Direction::two_way,
                                                     .persistence = Persistence::file_system,
                                                     .rendezvous = Rendezvous::path,
                                                     .many_to_many = true,
                                                     .access_control = true,
                                                     .pollable = true,
                                                     .sees_peer_close = true},
                                    .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll},
                                    .options = {{.name = "name",
                                                 .default_value = "path",
                                                 .values = {"path", "abstract"},
                                                 .summary = "where the sides meet: a path, or an abstract name"},
                                                rcvbuf_option(),
                                                sndbuf_option()}};
    return info;
  }
  Availability probe() const override { return Available{}; }
  std::string option_refusal(WaitStrategy, std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::local, options).refusal();
  }
  BufferSizes buffers_here(std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::local, options).sizes_here();
  }
  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<UnixStreamSession>(config);
  }
};

}  // namespace

const Transport& transport_unix_stream() {
  static const UnixStreamTransport transport;
  return transport;
}

}  // namespace ipcbench
