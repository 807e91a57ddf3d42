// This is D-Bus over a message bus of our own, sd-bus(3) and dbus-daemon(1). A round trip is a method call and its
// reply; a stream is one of signals. The daemon stands between the two sides, so that a third process receives each
// message and sends it again.

#include <string>
#include <utility>

#include <fmt/core.h>

#include "harness/sdk/socket_buffers.h"
#include "harness/sdk/transport.h"
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
      : broadcasts_(config.option("signals") == "broadcast"),
        daemon_(config.run_dir, cpu_of_broker(check_bus_payload(config))) {}

  std::unique_ptr<Endpoint> open(Role role) override {
    BusPtr bus = connect();
    buffers_.watch(check_bus(sd_bus_get_fd(bus.get()), "sd_bus_get_fd"));
    const char* const peer = name_on_bus(other(role));
    check_bus(sd_bus_request_name(bus.get(), name_on_bus(role), 0), "sd_bus_request_name");
    // The bus delivers by this rule the signals that have no destination.
    const std::string wanted = fmt::format("type='signal',sender='{}',path='{}',interface='{}',member='{}'", peer,
                                           kBusPath, kBusInterface, kBusMember);
    if (broadcasts_) {
      check_bus(sd_bus_call_method(bus.get(), "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                   "AddMatch", nullptr, nullptr, "s", wanted.c_str()),
                "sd_bus_call_method AddMatch");
    }
    read_all(bus.get());
    return bind_endpoint<BusEndpoint>(std::move(bus), peer, broadcasts_ ? nullptr : peer);
  }

  BufferSizes buffers(Role role) const override { return buffers_.sizes(role); }
  void attached() noexcept override { daemon_.remove_socket(); }
  pid_t broker() const noexcept override { return daemon_.pid(); }
  std::string broker_end() override {
    const std::optional<ExitStatus> end = daemon_.end(std::chrono::milliseconds(200));
    return end ? "dbus-daemon " + describe(*end) : "";
  }

 private:
  // Reads what the bus has told us of our names. If it stayed unread, a sender that sleeps until its socket has room
  // would be woken at once, and spin.
  static void read_all(sd_bus* bus) {
    while (check_bus(sd_bus_process(bus, nullptr), "sd_bus_process") > 0) {
    }
  }

  BusPtr connect() const {
    sd_bus* made = nullptr;
    check_bus(sd_bus_new(&made), "sd_bus_new");
    BusPtr bus(made);
    check_bus(sd_bus_set_address(made, daemon_.address().c_str()), "sd_bus_set_address");
    check_bus(sd_bus_set_bus_client(made, 1), "sd_bus_set_bus_client");
    check_bus(sd_bus_start(made), "sd_bus_start");
    use_default_buffers(check_bus(sd_bus_get_fd(made), "sd_bus_get_fd"));
    return bus;
  }

  bool broadcasts_;
  BusDaemon daemon_;
  SocketBuffers buffers_{SocketKind::local};  // this side's, to the daemon
};

class DbusTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{
        .name = "dbus",
        .family = "D-Bus",
        .row = "D-Bus",
        .summary = "D-Bus method calls and signals through a dbus-daemon of our own",
        .man = "sd-bus(3)",
        .capabilities = {.shape = Shape::message,
                         .direction = Direction::two_way,
                         .persistence = Persistence::file_system,
                         .rendezvous = Rendezvous::path,
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
        .copies = 20};  // the daemon reads, checks and sends in small pieces
    return info;
  }

  // Counts the sender's message, the daemon's two, and the receiver's buffer, which doubles as it grows.
  std::size_t memory_needed(std::size_t message_size, const OptionValues&) const override { return 5 * message_size; }

  Availability probe() const override {
    if (std::string reason = bus_daemon_refusal(); !reason.empty()) {
      return Unavailable{bus_daemon_program().empty() ? Why::no_resource : Why::no_permission, std::move(reason)};
    }
    return Available{};
  }

  BufferSizes buffers_here(std::size_t, const OptionValues&) const override {
    return SocketBuffers(SocketKind::local).sizes_here();
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<DbusSession>(config);
  }
};

}  // namespace

const Transport& transport_dbus() {
  static const DbusTransport transport;
  return transport;
}

}  // namespace ipcbench
