// UNIX domain datagram sockets, unix(7), carry messages without a connection. Each side has a name and sends to the
// other's. On Linux nothing is lost or reordered: a sender waits for room.

#include <memory>
#include <optional>
#include <system_error>

#include <fmt/core.h>

#include "harness/descriptors/unix_address.h"
#include "harness/sdk/simple_transport.h"
#include "harness/sdk/socket_buffers.h"
#include "scenarios/bind_descriptors.h"

namespace ipcbench {
namespace {

// Names are bound before any worker starts, so neither side has to wait for the other.
class UnixDgramSession final : public Session {
 public:
  explicit UnixDgramSession(const SessionConfig& config)
      : is_pair_(config.pattern.is_pair()), consumer_(config, "unix-dgram-consumer", config.pattern.consumers) {
    if (is_pair_) producer_.emplace(config, "unix-dgram-producer", 1);
  }

  Ticket ticket(Seat seat) override {
    const bool produces = seat.role == Role::producer;
    if (is_pair_) {
      Side& own = produces ? *producer_ : consumer_;
      Side& other = produces ? consumer_ : *producer_;
      return Ticket{}.with("peer", other.name.address().text()).with("socket", own.socket.take());
    }
    // Nobody sends to producers, so they have no name; and a consumer has no peer that it sends to.
    if (!produces) return Ticket{}.with("socket", consumer_.socket.take());
    return Ticket{}.with("peer", consumer_.name.address().text()).with("socket", unix_socket(SOCK_DGRAM));
  }
  void attached() noexcept override {
    if (producer_) producer_->name.remove();
    consumer_.name.remove();
  }

 private:
  struct Side {
    Side(const SessionConfig& config, std::string_view stem, std::size_t seats)
        : name(config.run_dir, stem, UnixName::parse_space(config.option("name"))),
          socket(bound_to(name.address()), seats) {}
    static UniqueFd bound_to(const UnixAddress& address) {
      UniqueFd socket = unix_socket(SOCK_DGRAM);
      address.bind(socket.get());
      return socket;
    }

    UnixName name;
    SharedDescriptor socket;
  };

  bool is_pair_;
  std::optional<Side> producer_;
  Side consumer_;
};

class UnixDgramTransport final : public SimpleTransport<UnixDgramSession> {
 public:
  UnixDgramTransport()
      : SimpleTransport({.name = "unix-dgram",
                         .family = "UNIX domain socket",
                         .row = "UNIX domain socket",
                         .summary = "UNIX domain datagram sockets, a path for each side",
                         .man = "unix(7)",
                         .capabilities = {.shape = Shape::message,
                                          .direction = Direction::two_way,
                                          .persistence = Persistence::file_system,
                                          .rendezvous = FoundBy::path,
                                          .keeps_boundaries = true,
                                          .many_to_many = true,
                                          .many_senders = true,
                                          .many_receivers = true,
                                          .access_control = true,
                                          .pollable = true},
                         .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll},
                         .options = {{.name = "name",
                                      .default_value = "path",
                                      .values = {"path", "abstract"},
                                      .summary = "where a side is found: a path, or an abstract name"},
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

  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const SocketBuffers buffers(SocketKind::local, config.options);
    UniqueFd socket = ticket.take("socket");
    buffers.ask(socket.get());
    if (config.pattern.is_pair() || config.seat.role == Role::producer)
      UnixAddress::from_text(ticket.value("peer")).connect(socket.get());
    auto sizes = buffers.reader(socket.get(), config.seat.role);
    return with_buffers(bind_messages(config.wait, std::move(socket)), std::move(sizes));
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

const Transport& transport_unix_dgram() { return the_only<UnixDgramTransport>(); }

}  // namespace ipcbench
