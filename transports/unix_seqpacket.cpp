// A UNIX domain sequenced-packet socket, unix(7), is connected like a stream socket and keeps message boundaries.

#include <system_error>

#include <fmt/core.h>

#include "harness/descriptors/unix_address.h"
#include "harness/sdk/simple_transport.h"
#include "harness/sdk/socket_buffers.h"
#include "scenarios/bind_descriptors.h"
#include "transports/parts/unix_connection.h"

namespace ipcbench {
namespace {

class UnixSeqpacketTransport final : public DescribedTransport {
 public:
  UnixSeqpacketTransport()
      : DescribedTransport({.name = "unix-seqpacket",
                            .family = "UNIX domain socket",
                            .row = "UNIX domain socket",
                            .summary = "UNIX domain sequenced-packet socket at a path",
                            .man = "unix(7)",
                            .capabilities = {.shape = Shape::message,
                                             .direction = Direction::two_way,
                                             .persistence = Persistence::file_system,
                                             .rendezvous = FoundBy::path,
                                             .keeps_boundaries = true,
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
                                        sndbuf_option()}}) {}

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
    return std::make_unique<UnixListenerSession>(SOCK_SEQPACKET, config, "unix-seqpacket",
                                                 UnixName::parse_space(config.option("name")));
  }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const SocketBuffers buffers(SocketKind::local, config.options);
    UniqueFd socket = unix_connection(SOCK_SEQPACKET, ticket, config.seat.role);
    buffers.ask(socket.get());
    auto sizes = buffers.reader(socket.get(), config.seat.role);
    return with_buffers(bind_messages(config.wait, std::move(socket)), std::move(sizes));
  }

 private:
  // A message goes through the send buffer in one piece, so the buffer limits it.
  static Available limit_with(const SocketBuffers& buffers) {
    const auto& asked = buffers.asked_send();
    const UnixMessageLimit limit = unix_message_limit(SOCK_SEQPACKET, asked);
    return {limit.max_message,
            fmt::format("{} is {}, which holds {} bytes",
                        asked ? fmt::format("SO_SNDBUF with sndbuf={}", *asked) : "/proc/sys/net/core/wmem_default",
                        limit.send_buffer, limit.max_message)};
  }
};

}  // namespace

const Transport& transport_unix_seqpacket() { return the_only<UnixSeqpacketTransport>(); }

}  // namespace ipcbench
