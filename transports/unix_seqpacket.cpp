// UNIX domain sequenced-packet socket, unix(7): a connection, as a stream socket makes it, that keeps messages whole.

#include <system_error>

#include <fmt/core.h>

#include "harness/os/unix_listener.h"
#include "harness/transport/fd_message.h"
#include "harness/transport/transport.h"
#include "scenarios/bind_fd.h"

namespace ipcbench {
namespace {

class UnixSeqpacketSession final : public Session {
 public:
  explicit UnixSeqpacketSession(const SessionConfig& config)
      : wait_(config.wait),
        listener_(SOCK_SEQPACKET, config.run_dir, "unix-seqpacket", UnixName::space_named(config.option("name"))) {}

  std::unique_ptr<Endpoint> open(Role role) override {
    UniqueFd peer = listener_.meet(role == Role::producer);
    return bind_fd_endpoint<FdMessage>(wait_, std::move(peer));
  }

  void attached() noexcept override { listener_.drop(); }

 private:
  WaitStrategy wait_;
  UnixListener listener_;
};

class UnixSeqpacketTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "unix-seqpacket",
                                    .family = "UNIX domain socket",
                                    .row = "UNIX domain socket",
                                    .summary = "UNIX domain sequenced-packet socket at a path",
                                    .man = "unix(7)",
                                    .capabilities = {.shape = Shape::message,
                                                     .direction = Direction::two_way,
                                                     .persistence = Persistence::file_system,
                                                     .rendezvous = Rendezvous::path,
                                                     .keeps_boundaries = true,
                                                     .many_to_many = true,
                                                     .access_control = true,
                                                     .pollable = true,
                                                     .sees_peer_close = true},
                                    .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll},
                                    .options = {{.name = "name",
                                                 .default_value = "path",
                                                 .values = {"path", "abstract"},
                                                 .summary = "where the sides meet: a path, or an abstract name"}}};
    return info;
  }

  Availability probe() const override {
    try {
      const UnixMessageLimit limit = unix_message_limit(SOCK_SEQPACKET);
      return Available{limit.max_message, fmt::format("/proc/sys/net/core/wmem_default is {}, which holds {} bytes",
                                                      limit.send_buffer, limit.max_message)};
    } catch (const std::system_error& error) {
      return Unavailable{Why::not_supported, error.what()};
    }
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<UnixSeqpacketSession>(config);
  }
};

}  // namespace

const Transport& transport_unix_seqpacket() {
  static const UnixSeqpacketTransport transport;
  return transport;
}

}  // namespace ipcbench
