// This is D-Bus over a message bus of our own, sd-bus(3) and dbus-daemon(1). A round trip is a method call and its
// reply; a stream is one of signals. The daemon stands between the two sides, so that a third process receives each
// message and sends it again.

#include <string>
#include <utility>

#include <fmt/core.h>

#include "harness/memory/memfd.h"
#include "harness/sdk/simple_transport.h"
#include "harness/sdk/socket_buffers.h"
#include "scenarios/bind.h"
#include "transports/parts/bus_daemon.h"
#include "transports/parts/bus_endpoint.h"

namespace ipcbench {
namespace {

constexpr const char* name_on_bus(Role role) noexcept {
  return role == Role::producer ? "org.ipcbench.Producer" : "org.ipcbench.Consumer";
}

Cpu cpu_of_broker(const SessionConfig& config) {
  const std::string_view beside = config.option("broker");
  if (beside == "free") return Cpu{};
  return Cpu{beside == "producer" ? config.cpus.producer : config.cpus.consumer};
}

class DbusSession final : public Session {
 public:
  explicit DbusSession(const SessionConfig& config)
      : daemon_(config.run_dir, cpu_of_broker(check_bus_payload(config))) {}

  Ticket ticket(Seat) override { return Ticket{}.with("address", daemon_.address()); }
  void attached() noexcept override { daemon_.remove_socket(); }
  pid_t broker() const noexcept override { return daemon_.pid(); }
  std::string broker_end() override {
    const std::optional<ExitStatus> end = daemon_.end(std::chrono::milliseconds(200));
    return end ? "dbus-daemon " + describe(*end) : "";
  }

 private:
  BusDaemon daemon_;
};

BusPtr connect_to(const std::string& address) {
  sd_bus* made = nullptr;
  check_bus(sd_bus_new(&made), "sd_bus_new");
  BusPtr bus(made);
  check_bus(sd_bus_set_address(made, address.c_str()), "sd_bus_set_address");
  check_bus(sd_bus_set_bus_client(made, 1), "sd_bus_set_bus_client");
  check_bus(sd_bus_start(made), "sd_bus_start");
  use_default_buffers(check_bus(sd_bus_get_fd(made), "sd_bus_get_fd"));
  return bus;
}

// Has the bus deliver the signals of `sender` that have no destination.
void ask_for_signals_of(const char* sender, sd_bus* bus) {
  const std::string wanted = fmt::format("type='signal',sender='{}',path='{}',interface='{}',member='{}'", sender,
                                         kBusPath, kBusInterface, kBusMember);
  check_bus(sd_bus_call_method(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch",
                               nullptr, nullptr, "s", wanted.c_str()),
            "sd_bus_call_method AddMatch");
}

// Reads what the bus has told us of our names. If it stayed unread, a sender that sleeps until its socket has room
// would be woken at once, and spin.
void read_all(sd_bus* bus) {
  while (check_bus(sd_bus_process(bus, nullptr), "sd_bus_process") > 0) {
  }
}

class DbusTransport final : public SimpleTransport<DbusSession> {
 public:
  DbusTransport()
      : SimpleTransport(
            {.name = "dbus",
             .family = "D-Bus",
             .row = "D-Bus",
             .summary = "D-Bus method calls and signals through a dbus-daemon of our own",
             .man = "sd-bus(3)",
             .capabilities = {.shape = Shape::message,
                              .direction = Direction::two_way,
                              .persistence = Persistence::file_system,
                              .rendezvous = FoundBy::path,
                              .max_message = kLargestBusPayload,
                              .keeps_boundaries = true,
                              .one_to_many = true,
                              .many_to_many = true,
                              .access_control = true,
                              .needs_service = "dbus-daemon"},
             .waits = {WaitStrategy::block},
             .options = {{.name = "broker",
                          .default_value = "consumer",
                          .values = {"consumer", "producer", "free"},
                          .summary = "whose CPU the daemon is pinned to; free: any of those allowed"},
                         {.name = "signals",
                          .default_value = "broadcast",
                          .values = {"broadcast", "unicast"},
                          .summary = "streaming: to whoever has a match rule for them, or to a destination"}},
             .copies = 20}) {}  // the daemon reads, checks and sends in small pieces

  // Counts the sender's message, the daemon's two, and the receiver's buffer, which doubles as it grows.
  std::size_t memory_needed(std::size_t message_size, const OptionValues&) const override { return 5 * message_size; }

  Availability probe() const override {
    if (std::string reason = bus_daemon_refusal(); !reason.empty()) {
      return Unavailable{bus_daemon_program().empty() ? Why::no_resource : Why::no_permission, std::move(reason)};
    }
    return available_unless(Why::not_supported, memfd_refusal());  // what the daemon prints goes there
  }

  BufferSizes buffers_here(std::size_t, const OptionValues&) const override {
    return SocketBuffers(SocketKind::local).sizes_here();
  }

  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const Role role = config.seat.role;
    const char* const peer = name_on_bus(other(role));
    const bool broadcasts = config.option("signals") == "broadcast";
    BusPtr bus = connect_to(ticket.value("address"));
    auto sizes = SocketBuffers(SocketKind::local).reader(check_bus(sd_bus_get_fd(bus.get()), "sd_bus_get_fd"), role);
    check_bus(sd_bus_request_name(bus.get(), name_on_bus(role), 0), "sd_bus_request_name");
    if (broadcasts) ask_for_signals_of(peer, bus.get());
    read_all(bus.get());
    return with_buffers(bind_endpoint<BusEndpoint>(std::move(bus), peer, broadcasts ? nullptr : peer),
                        std::move(sizes));
  }
};

}  // namespace

const Transport& transport_dbus() { return the_only<DbusTransport>(); }

}  // namespace ipcbench
