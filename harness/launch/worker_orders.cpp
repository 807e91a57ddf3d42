#include "harness/launch/worker_orders.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "harness/suite/case_spec.h"
#include "results/model/json_tree.h"
#include "results/model/json_writer.h"
#include "results/model/result_error.h"
#include "scenarios/casts/links.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

using json::Json;

constexpr int kProtocol = 1;
const std::string kWhere = "descriptor 3";

constexpr std::array<std::pair<WorkerTask, std::string_view>, 4> kTasks{{{WorkerTask::measure, "measure"},
                                                                         {WorkerTask::set_up, "set-up"},
                                                                         {WorkerTask::hold_channels, "hold-channels"},
                                                                         {WorkerTask::take_seat, "take-seat"}}};
constexpr std::array<std::pair<Role, std::string_view>, 2> kRoles{
    {{Role::producer, "producer"}, {Role::consumer, "consumer"}}};
constexpr std::array<std::pair<ClockKind, std::string_view>, 2> kClocks{
    {{ClockKind::tsc, "tsc"}, {ClockKind::monotonic_raw, "monotonic-raw"}}};
// Those that users can't choose have names here alone.
constexpr std::array<std::pair<Scenario, std::string_view>, 2> kOtherScenarios{
    {{Scenario::conformance, "conformance"}, {Scenario::fill_channel, "fill-channel"}}};

template <class T, std::size_t N>
std::string_view name_in(const std::array<std::pair<T, std::string_view>, N>& names, T value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return "?";
}

template <class T, std::size_t N>
std::optional<T> value_in(const std::array<std::pair<T, std::string_view>, N>& names, std::string_view name) {
  for (const auto& [value, known] : names) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string_view scenario_name(Scenario scenario) {
  const std::string_view name = name_in(kOtherScenarios, scenario);
  return name == "?" ? to_string(scenario) : name;
}

std::optional<Scenario> parse_any_scenario(std::string_view name) {
  const std::optional<Scenario> other = value_in(kOtherScenarios, name);
  return other ? other : parse_scenario(name);
}

void write_ticket(JsonWriter& json, const Ticket& ticket) {
  json.object([&] {
    json.key("text").object([&] {
      for (const auto& [name, value] : ticket.text) json.member(name, value);
    });
    json.key("descriptors").object([&] {
      for (const auto& [name, descriptor] : ticket.descriptors) json.member(name, descriptor.get());
    });
  });
}

void write_loop(JsonWriter& json, const LoopSpec& spec) {
  json.object([&] {
    json.member("scenario", scenario_name(spec.scenario));
    json.member("payload", to_string(spec.payload));
    json.member("merges", spec.merges);
    json.member("answers_back", spec.answers_back);
    json.member("seed", spec.seed);
    json.member("message_size", spec.message_size);
    json.member("reply_size", spec.reply_size);
    json.member("options", spec.options);
    json.member("warmup_ops", spec.warmup_ops);
    json.member("block_ops", spec.block_ops);
    json.member("pilot_ns", spec.pilot_ns);
    json.member("counts_calls", spec.counts_calls);
    json.member("broker", spec.broker);
    json.member("likely_held", spec.likely_held);
  });
}

// Takes the members of an object one by one.
class Members {
 public:
  Members(const Json& object, std::string_view what) : object_(object), what_(what) {
    if (!object.is_object()) throw ResultError(fmt::format("{}: {} is no object", kWhere, what));
  }

  const Json& at(std::string_view name) const {
    const auto found = object_.find(name);
    if (found == object_.end()) throw ResultError(fmt::format("{}: {} has no \"{}\"", kWhere, what_, name));
    return *found;
  }
  template <class T>
  T get(std::string_view name) const {
    try {
      return at(name).template get<T>();
    } catch (const Json::exception&) {
      refuse(name);
    }
  }
  // Returns what `parse` makes of a name.
  template <class Parse>
  auto named(std::string_view name, Parse parse) const {
    const auto value = parse(get<std::string>(name));
    if (!value) refuse(name);
    return *value;
  }
  // Takes a descriptor that was inherited by number; -1 is none.
  UniqueFd descriptor(std::string_view name) const { return take(name, get<int>(name)); }

  static UniqueFd take(std::string_view name, int number) {
    if (number < 0) return {};
    if (::fcntl(number, F_SETFD, FD_CLOEXEC) != 0) {
      throw ResultError(fmt::format("{}: \"{}\" is descriptor {}, which isn't open", kWhere, name, number));
    }
    return UniqueFd(number);
  }

 private:
  [[noreturn]] void refuse(std::string_view name) const {
    throw ResultError(fmt::format("{}: \"{}\" of {} is {}", kWhere, name, what_, at(name).dump()));
  }

  const Json& object_;
  std::string_view what_;
};

Ticket ticket_from(const Json& json) {
  const Members members(json, "a ticket");
  Ticket ticket;
  for (const auto& [name, value] : members.at("text").items()) {
    if (!value.is_string()) throw ResultError(fmt::format("{}: text \"{}\" of a ticket is no string", kWhere, name));
    ticket.text.emplace(name, value.get<std::string>());
  }
  for (const auto& [name, value] : members.at("descriptors").items()) {
    if (!value.is_number_integer()) {
      throw ResultError(fmt::format("{}: descriptor \"{}\" of a ticket is no number", kWhere, name));
    }
    ticket.descriptors.emplace(name, Members::take(name, value.get<int>()));
  }
  return ticket;
}

LoopSpec loop_from(const Json& json) {
  const Members members(json, "the loop");
  return {.scenario = members.named("scenario", parse_any_scenario),
          .payload = members.named("payload", parse_payload_mode),
          .merges = members.get<bool>("merges"),
          .answers_back = members.get<bool>("answers_back"),
          .seed = members.get<std::uint64_t>("seed"),
          .message_size = members.get<std::size_t>("message_size"),
          .reply_size = members.get<std::size_t>("reply_size"),
          .warmup_ops = members.get<std::uint64_t>("warmup_ops"),
          .block_ops = members.get<std::uint64_t>("block_ops"),
          .pilot_ns = members.get<std::uint64_t>("pilot_ns"),
          .counts_calls = members.get<bool>("counts_calls"),
          .broker = members.get<std::int32_t>("broker"),
          .likely_held = members.get<std::uint64_t>("likely_held"),
          .options = members.get<LoopOptions>("options")};
}

Seat seat_from(const Json& json) {
  const Members members(json, "the seat");
  return {.role = members.named("role", [](std::string_view name) { return value_in(kRoles, name); }),
          .index = members.get<std::uint16_t>("index")};
}

Clock clock_from(const Json& json) {
  const Members members(json, "the clock");
  return {.kind = members.named("kind", [](std::string_view name) { return value_in(kClocks, name); }),
          .ns_per_tick_q32 = members.get<std::uint64_t>("ns_per_tick_q32")};
}

OptionValues options_from(const Json& json) {
  OptionValues options;
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string()) throw ResultError(fmt::format("{}: option \"{}\" is no string", kWhere, name));
    options.emplace(name, value.get<std::string>());
  }
  return options;
}

std::size_t tickets_wanted(const WorkerOrders& orders) {
  switch (orders.task) {
    case WorkerTask::hold_channels:
      return orders.channels;
    case WorkerTask::take_seat:
      return links_of(cast_of(orders.spec), orders.seat).size();
    case WorkerTask::measure:
    case WorkerTask::set_up:
      break;
  }
  return 1;
}

}  // namespace

SeatConfig seat_config(const WorkerOrders& orders, Rendezvous rendezvous) {
  return {.seat = orders.seat,
          .wait = orders.wait,
          .message_size = orders.message_size,
          .options = orders.options,
          .clock = orders.clock,
          .hybrid_spin = orders.hybrid_spin,
          .quiet = orders.quiet,
          .rendezvous = rendezvous};
}

std::string orders_line(const WorkerOrders& orders, const std::vector<Ticket>& tickets, const WorkerLinks& links) {
  JsonWriter json(kCompactJson);
  json.object([&] {
    json.member("protocol", kProtocol);
    json.member("task", name_in(kTasks, orders.task));
    json.member("parent", ::getpid());
    json.member("transport", orders.transport);
    json.member("library", orders.library);
    json.key("seat").object([&] {
      json.member("role", name_in(kRoles, orders.seat.role));
      json.member("index", orders.seat.index);
    });
    json.member("wait", to_string(orders.wait));
    json.member("message_size", orders.message_size);
    json.key("options").object([&] {
      for (const auto& [name, value] : orders.options) json.member(name, value);
    });
    json.key("clock").object([&] {
      json.member("kind", name_in(kClocks, orders.clock.kind));
      json.member("ns_per_tick_q32", orders.clock.ns_per_tick_q32);
    });
    json.member("hybrid_spin_ns", orders.hybrid_spin.count());
    json.member("quiet_ns", orders.quiet.count());
    json.member("cpu", orders.cpu);
    json.member("canary", orders.canary);
    json.member("is_timed", orders.is_timed);
    json.member("sees_buffers", orders.sees_buffers);
    json.member("channels", orders.channels);
    json.key("loop");
    write_loop(json, orders.spec);
    json.member("memory", links.memory_fd);
    json.member("told", links.told);
    json.member("socket", links.socket);
    json.key("tickets").list(tickets, [&](const Ticket& ticket) { write_ticket(json, ticket); });
  });
  return json.take() + '\n';
}

ReceivedOrders parse_orders(std::string_view line) {
  const Json tree = json::parse(line, kWhere);
  const Members members(tree, "the line");
  if (const int protocol = members.get<int>("protocol"); protocol != kProtocol) {
    throw ResultError(fmt::format("{}: protocol {}; this program speaks {}", kWhere, protocol, kProtocol));
  }
  ReceivedOrders received{
      .orders = {.task = members.named("task", [](std::string_view name) { return value_in(kTasks, name); }),
                 .transport = members.get<std::string>("transport"),
                 .library = members.get<std::string>("library"),
                 .seat = seat_from(members.at("seat")),
                 .wait = members.named("wait", parse_wait_strategy),
                 .message_size = members.get<std::size_t>("message_size"),
                 .options = options_from(members.at("options")),
                 .clock = clock_from(members.at("clock")),
                 .hybrid_spin = std::chrono::nanoseconds(members.get<std::int64_t>("hybrid_spin_ns")),
                 .quiet = std::chrono::nanoseconds(members.get<std::int64_t>("quiet_ns")),
                 .cpu = members.get<int>("cpu"),
                 .canary = members.get<bool>("canary"),
                 .is_timed = members.get<bool>("is_timed"),
                 .sees_buffers = members.get<bool>("sees_buffers"),
                 .channels = members.get<std::uint32_t>("channels"),
                 .spec = loop_from(members.at("loop"))},
      .memory = members.descriptor("memory"),
      .told = members.descriptor("told"),
      .socket = members.descriptor("socket"),
      .parent = members.get<int>("parent")};
  received.orders.spec.clock = received.orders.clock;
  for (const Json& ticket : members.at("tickets")) received.tickets.push_back(ticket_from(ticket));
  const std::size_t wanted = tickets_wanted(received.orders);
  if (received.tickets.size() != wanted || !received.memory) {
    throw ResultError(fmt::format("{}: {} tickets where {} are needed, {} memory", kWhere, received.tickets.size(),
                                  wanted, received.memory ? "and" : "and no"));
  }
  return received;
}

}  // namespace ipcbench
