// A UNIX domain stream socket, unix(7), is a two-way byte stream between local processes that meet at a path or an
// abstract name.

#include "harness/sdk/simple_transport.h"
#include "harness/sdk/socket_buffers.h"
#include "scenarios/bind_descriptors.h"
#include "transports/parts/unix_connection.h"

namespace ipcbench {
namespace {

class UnixStreamTransport final : public DescribedTransport {
 public:
  UnixStreamTransport()
      : DescribedTransport(
            {.name = "unix-stream",
             .family = "UNIX domain socket",
             .row = "UNIX domain socket",
             .summary = "UNIX domain stream socket at a path",
             .man = "unix(7)",
             .capabilities = {.shape = Shape::byte_stream,
                              .direction = Direction::two_way,
                              .persistence = Persistence::file_system,
                              .rendezvous = FoundBy::path,
                              .many_to_many = true,
                              .access_control = true,
                              .pollable = true,
                              .sees_peer_close = true},
             .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll, WaitStrategy::io_uring},
             .options = {{.name = "name",
                          .default_value = "path",
                          .values = {"path", "abstract"},
                          .summary = "where the sides meet: a path, or an abstract name"},
                         rcvbuf_option(),
                         sndbuf_option()}}) {}

  std::string option_refusal(WaitStrategy, std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::local, options).refusal();
  }
  BufferSizes buffers_here(std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::local, options).sizes_here();
  }
  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<UnixListenerSession>(SOCK_STREAM, config, "unix-stream",
                                                 UnixName::parse_space(config.option("name")));
  }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const SocketBuffers buffers(SocketKind::local, config.options);
    UniqueFd socket = unix_connection(SOCK_STREAM, ticket, config.seat.role);
    buffers.ask(socket.get());
    auto sizes = buffers.reader(socket.get(), config.seat.role);
    return with_buffers(bind_stream(config.wait, std::move(socket)), std::move(sizes));
  }
};

}  // namespace

const Transport& transport_unix_stream() { return the_only<UnixStreamTransport>(); }

}  // namespace ipcbench
