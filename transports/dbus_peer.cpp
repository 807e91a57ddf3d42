// This is D-Bus without a bus, sd-bus(3): the same calls, replies and signals as `dbus`, over one UNIX domain stream
// socket between the two sides. The difference between the two is the cost of a broker.

#include <systemd/sd-id128.h>

#include "harness/sdk/simple_transport.h"
#include "harness/sdk/socket_buffers.h"
#include "scenarios/bind.h"
#include "transports/parts/bus_endpoint.h"
#include "transports/parts/unix_connection.h"

namespace ipcbench {
namespace {

// Authenticates a connection. The sides know each other by the socket and say so in a few lines of text, which takes
// both of them.
void authenticate(sd_bus* bus) {
  while (check_bus(sd_bus_is_ready(bus), "sd_bus_is_ready") == 0) {
    if (check_bus(sd_bus_process(bus, nullptr), "sd_bus_process") == 0) {
      check_bus(sd_bus_wait(bus, UINT64_MAX), "sd_bus_wait");
    }
  }
}

BusPtr bus_over(UniqueFd socket, bool serves) {
  sd_bus* made = nullptr;
  check_bus(sd_bus_new(&made), "sd_bus_new");
  BusPtr bus(made);
  const int fd = socket.get();
  check_bus(sd_bus_set_fd(made, fd, fd), "sd_bus_set_fd");
  socket.release();
  if (serves) {
    sd_id128_t id{};
    check_bus(sd_id128_randomize(&id), "sd_id128_randomize");
    check_bus(sd_bus_set_server(made, 1, id), "sd_bus_set_server");
  }
  check_bus(sd_bus_start(made), "sd_bus_start");
  authenticate(made);
  use_default_buffers(fd);
  return bus;
}

class DbusPeerTransport final : public DescribedTransport {
 public:
  DbusPeerTransport()
      : DescribedTransport({.name = "dbus-peer",
                            .family = "D-Bus",
                            .row = "D-Bus",
                            .summary = "D-Bus method calls and signals over a UNIX domain socket, without a bus",
                            .man = "sd-bus(3)",
                            .capabilities = {.shape = Shape::message,
                                             .direction = Direction::two_way,
                                             .persistence = Persistence::file_system,
                                             .rendezvous = FoundBy::path,
                                             .max_message = kLargestBusPayload,
                                             .keeps_boundaries = true,
                                             .many_to_many = true,
                                             .access_control = true,
                                             .sees_peer_close = true},
                            .waits = {WaitStrategy::block},
                            .copies = 3}) {}

  // Counts the sender's message and the receiver's buffer, which doubles as it grows.
  std::size_t memory_needed(std::size_t message_size, const OptionValues&) const override { return 3 * message_size; }

  BufferSizes buffers_here(std::size_t, const OptionValues&) const override {
    return SocketBuffers(SocketKind::local).sizes_here();
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<UnixListenerSession>(SOCK_STREAM, check_bus_payload(config), "dbus-peer",
                                                 UnixName::Space::path);
  }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const Role role = config.seat.role;
    UniqueFd socket = unix_connection(SOCK_STREAM, ticket, role);
    auto sizes = SocketBuffers(SocketKind::local).reader(socket.get(), role);
    BusPtr bus = bus_over(std::move(socket), role == Role::consumer);
    return with_buffers(bind_endpoint<BusEndpoint>(std::move(bus), BusNames{}), std::move(sizes));
  }
};

}  // namespace

const Transport& transport_dbus_peer() { return the_only<DbusPeerTransport>(); }

}  // namespace ipcbench
