#include "harness/plugin/plugin_host.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/first_readable.h"
#include "harness/plugin/host_side.h"
#include "results/model/json_tree.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

using json::Json;

HostMessage question(std::string_view asked) { return {.line = fmt::format(R"({{"ask":"{}"}})", asked)}; }

PluginFacts facts_from(const Json& json) {
  PluginFacts facts{.name = json.at("name"),
                    .summary = json.at("summary"),
                    .family = json.at("family"),
                    .subject = json.at("subject"),
                    .language = json.at("language"),
                    .version = json.at("version"),
                    .shape = json.at("shape"),
                    .waits = json.at("waits"),
                    .traits = json.at("traits"),
                    .largest_message = json.at("largest_message"),
                    .copies = json.at("copies")};
  for (const Json& option : json.at("options")) {
    facts.options.push_back({.name = option.at("name"),
                             .default_value = option.at("default_value"),
                             .summary = option.at("summary"),
                             .values = option.at("values").get<std::vector<std::string>>()});
  }
  return facts;
}

}  // namespace

PluginHost::PluginHost(const std::string& path, RunDir* run_dir) : path_(path) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) throw_errno("socketpair");
  socket_ = UniqueFd(ends[0]);
  UniqueFd far(ends[1]);
  child_ = Child::spawn("ipcbench-host", [&] {
    socket_.reset();
    if (run_dir != nullptr) ::close(run_dir->lock_fd());
    return answer_coordinator(path_, run_dir, far.get());
  });
  if (run_dir != nullptr) run_dir->note_process(child_.pid());
}

PluginHost::~PluginHost() { end(); }

// The group is killed before its leader is reaped: until then no other process can have its number.
void PluginHost::end() {
  if (!child_.running()) return;
  child_.kill();
  ::kill(-child_.pid(), SIGKILL);
  child_.wait();
}

bool PluginHost::runs() { return child_.running() && !first_readable({child_.pidfd()}, Deadline()); }

void PluginHost::fail(std::string_view function, const std::string& what) {
  end();
  throw std::runtime_error(fmt::format("plug-in {}: {}(){}", path_, function, what));
}

HostMessage PluginHost::ask(std::string_view function, HostMessage request) {
  const auto end_of_host = [&] {
    ::kill(-child_.pid(), SIGKILL);
    return describe(child_.wait());
  };
  const auto died = [&] { fail(function, " " + end_of_host()); };
  if (!child_.running()) throw std::runtime_error(fmt::format("plug-in {}: its host has ended", path_));
  if (!runs())
    throw std::runtime_error(fmt::format("plug-in {}: its host ended before {}(): {}", path_, function, end_of_host()));
  try {
    send_message(socket_.get(), request);
  } catch (const std::system_error&) {
    died();
  }
  const std::optional<std::size_t> ready =
      first_readable({socket_.get(), child_.pidfd()}, std::chrono::steady_clock::now() + kHostPatience);
  if (!ready) fail(function, fmt::format(" has not returned for {} s", kHostPatience.count()));
  std::optional<HostMessage> answer = *ready == 0 ? receive_message(socket_.get()) : std::nullopt;
  if (!answer) died();
  const Json json = json::parse(answer->line, path_);
  if (const auto error = json.find("error"); error != json.end())
    throw std::runtime_error(fmt::format("plug-in {}: {}", path_, error->get<std::string>()));
  return std::move(*answer);
}

std::vector<PluginFacts> PluginHost::facts() {
  const HostMessage answer = ask("ipcbench_plugin", question("facts"));
  const Json said = json::parse(answer.line, path_);
  std::vector<PluginFacts> all;
  for (const Json& json : said.at("transports")) {
    all.push_back(facts_from(json));
    all.back().unavailable = probe(all.back().name);
  }
  return all;
}

std::string PluginHost::probe(const std::string& transport) {
  JsonWriter json(kCompactJson);
  json.object([&] {
    json.member("ask", "probe");
    json.member("transport", transport);
  });
  return json::parse(ask("probe", {.line = json.take()}).line, path_).at("unavailable");
}

pid_t PluginHost::create(const Asked& asked) {
  JsonWriter json(kCompactJson);
  json.object([&] {
    json.member("ask", "create");
    json.member("transport", asked.transport);
    json.member("message_size", asked.message_size);
    json.member("wait", bit_of(asked.wait));
    json.key("options").object([&] {
      for (const auto& [name, value] : asked.options) json.member(name, value);
    });
  });
  return json::parse(ask("create", {.line = json.take()}).line, path_).at("broker").get<pid_t>();
}

Ticket PluginHost::ticket(Seat seat) {
  HostMessage answer =
      ask("ticket",
          {.line = fmt::format(R"({{"ask":"ticket","role":{},"index":{}}})", static_cast<int>(seat.role), seat.index)});
  const Json json = json::parse(answer.line, path_);
  Ticket ticket;
  for (const auto& [name, text] : json.at("text").items()) ticket.text.emplace(name, text.get<std::string>());
  const Json& names = json.at("descriptors");
  for (std::size_t i = 0; i < std::min(names.size(), answer.descriptors.size()); ++i)
    ticket.descriptors.emplace(names[i].get<std::string>(), std::move(answer.descriptors[i]));
  return ticket;
}

void PluginHost::attached() { ask("attached", question("attached")); }

void PluginHost::destroy() { ask("destroy", question("destroy")); }

}  // namespace ipcbench
