#include "harness/plugin/foreign_transport.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "harness/plugin/checked_text.h"
#include "harness/plugin/foreign_endpoint.h"
#include "harness/plugin/foreign_lines.h"
#include "harness/plugin/foreign_process.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kSocket = "worker";  // the ticket's entry of the worker of this program that tells it
constexpr auto kEndPatience = 5s;               // of its end
constexpr auto kGrace = 200ms;                  // a process closes its descriptors before it has ended

std::string open_line(std::string_view transport, const SessionConfig& config, const std::string& ticket) {
  JsonWriter json(kCompactJson);
  json.object([&] {
    json.member("protocol", kForeignProtocol);
    json.member("task", "serve");
    json.member("transport", transport);
    json.member("wait", to_string(config.wait));
    json.member("message_size", config.message_size);
    json.key("options").object([&] {
      for (const auto& [name, value] : config.options) json.member(name, value);
    });
  });
  std::string line = json.take();
  line.back() = ',';
  return line + fmt::format(R"("ticket":{}}})", ticket);
}

class ForeignSession final : public Session {
 public:
  ForeignSession(const ForeignCommand& command, const Transport& transport, const SessionConfig& config)
      : command_(command.text),
        session_(transport.create(config)),
        process_(command, config.cpus.consumer, session_->ticket({.role = Role::consumer}), config.run_dir) {
    ForeignLines lines(process_.take_socket());
    try {
      lines.send(open_line(transport.info().name, config, process_.ticket_json()));
    } catch (const std::runtime_error& error) {
      throw process_.with_end(error, kGrace);
    }
    socket_ = std::move(lines).take();
  }

  Ticket ticket(Seat seat) override {
    if (seat.role == Role::producer) return session_->ticket(seat);
    return Ticket{}.with(kSocket, std::move(socket_));
  }
  void attached() noexcept override { session_->attached(); }
  pid_t broker() const noexcept override { return process_.pid(); }
  std::string broker_end() override { return named(process_.has_failed(kGrace)); }
  // How it ends once its channel is over is no crash.
  SessionFault end() override {
    SessionFault fault = session_->end();
    const std::string end = named(process_.end(kEndPatience));
    if (fault.text.empty()) fault.text = end;
    return fault;
  }

 private:
  std::string named(const std::string& end) const {
    return end.empty() ? "" : fmt::format("worker '{}' {}", command_, end);
  }

  std::string command_;
  std::unique_ptr<Session> session_;
  ForeignProcess process_;
  UniqueFd socket_;
};

Capabilities with_one_foreign_side(Capabilities can) {
  can.one_to_many = can.many_to_many = can.many_senders = can.many_receivers = can.answers_back = false;
  can.typed = can.priorities = false;
  can.many_by_word = false;
  can.pollable = false;  // by this program: the consumer is another
  can.fork_only = true;  // the side of this program is told by what it inherits
  return can;
}

}  // namespace

ForeignTransport::ForeignTransport(const ForeignCommand& command, const ForeignFacts& facts, const Transport& transport)
    : command_(command),
      facts_(facts),
      transport_(transport),
      name_(name_from(fmt::format("{}-{}", facts.name, transport.info().name).c_str(), "name with a transport")),
      summary_(fmt::format("{}, its consumer in {}", transport.info().summary, facts.language)),
      info_(transport.info()) {
  if (!info_.capabilities.needs_service.empty() || !info_.foreign.subject.empty() || info_.capabilities.fork_only)
    throw std::runtime_error(fmt::format("transports has '{}', whose side only this program can open", info_.name));
  if (!info_.no_ping_pong.empty())
    throw std::runtime_error(fmt::format("transports has '{}', which has no answers", info_.name));
  info_.name = name_;
  info_.summary = summary_;
  info_.row = "";
  info_.capabilities = with_one_foreign_side(info_.capabilities);
  std::erase_if(info_.waits, [&](WaitStrategy wait) { return std::ranges::count(facts_.waits, wait) == 0; });
  if (info_.waits.empty())
    throw std::runtime_error(fmt::format("waits has none of those of {}", transport.info().name));
  if (info_.no_streaming.empty() && (!info_.capabilities.reliable || info_.capabilities.when_full == WhenFull::merges))
    info_.no_streaming = "a foreign worker doesn't tell what is lost or merged";
  info_.foreign = {.library = command_.code.path,
                   .sha256 = command_.code.sha256,
                   .version = facts_.version,
                   .subject = facts_.subject,
                   .language = facts_.language,
                   .command = command_.text,
                   .touches_payload = facts_.touches_payload};
}

Capabilities ForeignTransport::capabilities(const OptionValues& options) const {
  return with_one_foreign_side(transport_.capabilities(options));
}

std::unique_ptr<Session> ForeignTransport::create(const SessionConfig& config) const {
  return std::make_unique<ForeignSession>(command_, transport_, config);
}

std::unique_ptr<Endpoint> ForeignTransport::join(Ticket ticket, const SeatConfig& config) const {
  if (config.seat.role == Role::producer) return transport_.join(std::move(ticket), config);
  return join_foreign(command_.text, ticket.take(kSocket), facts_.touches_payload, config);
}

}  // namespace ipcbench
