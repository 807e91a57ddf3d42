// This is D-Bus over a message bus of our own, sd-bus(3) and dbus-daemon(1). A round trip is a method call and its
// reply; a stream is one of signals. The daemon stands between the two sides, so that a third process receives each
// message and sends it again. All sessions of a launch have one daemon, and each process one connection to it.

#include <map>
#include <memory>
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

// Returns the name on the bus of a session's only seat of this role. `number` is that of the session on its bus.
std::string name_on_bus(Role role, std::string_view number) {
  return fmt::format("org.ipcbench.{}{}", role == Role::producer ? "Producer" : "Consumer", number);
}

Cpu cpu_of_broker(const SessionConfig& config) {
  const std::string_view beside = config.option("broker");
  if (beside == "free") return Cpu{};
  return Cpu{beside == "producer" ? config.cpus.producer : config.cpus.consumer};
}

// LaunchBus is the daemon of all sessions of a launch.
struct LaunchBus {
  explicit LaunchBus(const SessionConfig& config) : daemon(config.run_dir, cpu_of_broker(check_bus_payload(config))) {}
  // Returns that of the launch that a session is made for.
  static std::shared_ptr<LaunchBus> of(const SessionConfig& config) {
    if (config.common != nullptr && *config.common) return std::static_pointer_cast<LaunchBus>(*config.common);
    auto bus = std::make_shared<LaunchBus>(config);
    if (config.common != nullptr) *config.common = bus;
    return bus;
  }

  BusDaemon daemon;
  int sessions = 0;  // so far
};

class DbusSession final : public Session {
 public:
  explicit DbusSession(const SessionConfig& config) : bus_(LaunchBus::of(config)), number_(bus_->sessions++) {}

  Ticket ticket(Seat) override {
    return Ticket{}.with("address", bus_->daemon.address()).with("number", fmt::format("{}", number_));
  }
  void attached() noexcept override { bus_->daemon.remove_socket(); }
  pid_t broker() const noexcept override { return bus_->daemon.pid(); }
  std::string broker_end() override {
    const std::optional<ExitStatus> end = bus_->daemon.end(std::chrono::milliseconds(200));
    return end ? "dbus-daemon " + describe(*end) : "";
  }

 private:
  std::shared_ptr<LaunchBus> bus_;
  int number_;
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

// Returns this process's connection in this role, which it has until its last endpoint is closed.
std::shared_ptr<sd_bus> connection_to(const std::string& address, Role role) {
  static std::map<std::pair<std::string, Role>, std::weak_ptr<sd_bus>> connections;
  std::weak_ptr<sd_bus>& known = connections[{address, role}];
  std::shared_ptr<sd_bus> bus = known.lock();
  if (!bus) known = bus = connect_to(address);
  return bus;
}

// Has the bus deliver the signals with this path that have no destination. `sender` may be anybody if it is "".
void ask_for_signals(const std::string& path, const std::string& sender, sd_bus* bus) {
  const std::string from = sender.empty() ? "" : fmt::format("sender='{}',", sender);
  const std::string wanted =
      fmt::format("type='signal',{}path='{}',interface='{}',member='{}'", from, path, kBusInterface, kBusMember);
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
                              .many_senders = true,
                              .answers_back = true,
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

  // A signal with a destination goes to one receiver.
  Capabilities capabilities(const OptionValues& options) const override {
    Capabilities can = info().capabilities;
    can.one_to_many = options.find("signals")->second == "broadcast";
    return can;
  }

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
    const std::string& number = ticket.value("number");
    const std::string peer = name_on_bus(other(role), number);
    const bool is_pair = config.pattern.is_pair(), broadcasts = config.option("signals") == "broadcast";
    const BusNames names{.path = kBusPath + number, .peer = peer, .listener = broadcasts ? "" : peer};
    const std::shared_ptr<sd_bus> bus = connection_to(ticket.value("address"), role);
    auto sizes = SocketBuffers(SocketKind::local).reader(check_bus(sd_bus_get_fd(bus.get()), "sd_bus_get_fd"), role);
    if (is_pair || (role == Role::consumer && config.pattern.consumers == 1))
      check_bus(sd_bus_request_name(bus.get(), name_on_bus(role, number).c_str(), 0), "sd_bus_request_name");
    if (broadcasts && (is_pair || role == Role::consumer)) ask_for_signals(names.path, is_pair ? peer : "", bus.get());
    read_all(bus.get());
    return with_buffers(bind_endpoint<BusEndpoint>(bus, names), std::move(sizes));
  }
};

}  // namespace

const Transport& transport_dbus() { return the_only<DbusTransport>(); }

}  // namespace ipcbench
