#include "harness/plugin/host_side.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "harness/plugin/host_message.h"
#include "harness/plugin/leftovers.h"
#include "harness/plugin/plugin_library.h"
#include "harness/plugin/plugin_program.h"
#include "harness/process/own_resources.h"
#include "results/model/json_tree.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

using json::Json;

// Calls a function of the plug-in. An exception that leaves it ends this process, as the interface says.
auto call(auto function, auto... arguments) noexcept { return function(arguments...); }

// HostSide has the library loaded and answers one question at a time.
class HostSide {
 public:
  HostSide(const std::string& path, RunDir* run_dir) : library_(path), run_dir_(run_dir) {}

  HostMessage answer(const std::string& line) {
    const Json question = json::parse(line, "the coordinator");
    const std::string asked = question.at("ask");
    try {
      HostMessage message = answer_to(asked, question);
      if (const std::string written = output_.written(); !written.empty())
        throw std::runtime_error(fmt::format("{}(): {}", asked == "facts" ? "ipcbench_plugin" : asked, written));
      return message;
    } catch (const std::exception&) {
      if (asked == "create") remove_session();  // the coordinator has no session that it could end
      throw;
    }
  }

 private:
  HostMessage answer_to(const std::string& asked, const Json& question) {
    if (asked == "facts") return facts();
    if (asked == "probe") return probe(question);
    if (asked == "create") return create(question);
    if (asked == "ticket") return ticket(question);
    if (asked == "attached") return attached();
    if (asked == "destroy") return destroy();
    throw std::runtime_error(fmt::format("a host is asked for '{}', which it doesn't know", asked));
  }

  HostMessage facts() {
    JsonWriter json(kCompactJson);
    json.object([&] {
      json.key("transports").list(library_.facts(), [&](const PluginFacts& facts) { write_facts(json, facts); });
    });
    return {.line = json.take()};
  }

  void write_facts(JsonWriter& json, const PluginFacts& facts) {
    json.object([&] {
      json.member("name", facts.name);
      json.member("summary", facts.summary);
      json.member("family", facts.family);
      json.member("subject", facts.subject);
      json.member("language", facts.language);
      json.member("version", facts.version);
      json.member("shape", facts.shape);
      json.member("waits", facts.waits);
      json.member("traits", facts.traits);
      json.member("largest_message", facts.largest_message);
      json.member("copies", facts.copies);
      json.key("options").list(facts.options, [&](const PluginOption& option) {
        json.object([&] {
          json.member("name", option.name);
          json.member("default_value", option.default_value);
          json.member("summary", option.summary);
          json.member("values", option.values);
        });
      });
    });
  }

  HostMessage probe(const Json& question) {
    JsonWriter json(kCompactJson);
    json.object([&] { json.member("unavailable", why_unavailable(question.at("transport").get<std::string>())); });
    return {.line = json.take()};
  }

  std::string why_unavailable(const std::string& transport) {
    const auto probe = library_.transport(transport).probe;
    if (probe == nullptr) return "";
    const PluginProgram program({});
    const int result = call(probe, program.get());
    if (result == 0) return "";
    if (program.text().empty()) return error_of("probe", result, "");
    // Two numbers say no more than that it can't: the usual one, and that of an exception which has none.
    const int error = errno_of(result);
    const bool explains = error != 0 && error != ENOTSUP && error != ECANCELED;
    return explains ? fmt::format("{}: {}", program.text(), std::strerror(error)) : program.text();
  }

  HostMessage create(const Json& question) {
    transport_ = &library_.transport(question.at("transport").get<std::string>());
    const auto options = question.at("options").get<OptionValues>();
    const PluginOptions values(options);
    const ipcbench_session asked{.size = sizeof asked,
                                 .message_size = question.at("message_size"),
                                 .wait = question.at("wait"),
                                 .options = values.data(),
                                 .option_count = values.size()};
    before_ = open_descriptor_count();
    const PluginProgram program({.run_dir = run_dir_});
    if (const int result = call(transport_->create, program.get(), &asked, &session_); result != 0)
      throw std::runtime_error(error_of("create", result, program.text()));
    has_session_ = true;
    if (transport_->broker != nullptr) broker_ = static_cast<pid_t>(call(transport_->broker, session_));
    check_children("create");
    if (broker_ != 0 && run_dir_ != nullptr) run_dir_->note_process(broker_);
    return {.line = fmt::format(R"({{"broker":{}}})", broker_)};
  }

  HostMessage ticket(const Json& question) {
    Ticket ticket;
    if (transport_->ticket != nullptr) {
      const PluginProgram program({.run_dir = run_dir_, .written = &ticket});
      const ipcbench_place place{.role = question.at("role"), .index = question.at("index")};
      if (const int result = call(transport_->ticket, program.get(), session_, place); result != 0)
        throw std::runtime_error(error_of("ticket", result, program.text()));
    }
    HostMessage message;
    JsonWriter json(kCompactJson);
    json.object([&] {
      json.key("text").object([&] {
        for (const auto& [name, text] : ticket.text) json.member(name, text);
      });
      json.key("descriptors").list([&] {
        for (auto& [name, descriptor] : ticket.descriptors) {
          json.value(name);
          message.descriptors.push_back(std::move(descriptor));
        }
      });
    });
    message.line = json.take();
    if (message.line.size() > kMostHostLine)
      throw std::runtime_error(fmt::format("ticket(): its texts are longer than {} bytes", kMostHostLine));
    return message;
  }

  HostMessage attached() {
    if (transport_->attached != nullptr) call(transport_->attached, session_);
    return {.line = "{}"};
  }

  HostMessage destroy() {
    remove_session();
    check_children("destroy");
    const std::size_t after = open_descriptor_count();
    if (after > before_)
      throw std::runtime_error(
          fmt::format("destroy(): {} descriptors more than before create() are open", after - before_));
    return {.line = "{}"};
  }

  void remove_session() {
    if (std::exchange(has_session_, false)) call(transport_->destroy, session_);
    broker_ = 0;
  }

  // A process that isn't the broker would outlive the launch.
  void check_children(std::string_view function) const {
    std::size_t others = 0;
    for (const pid_t child : running_children()) others += child == broker_ ? 0 : 1;
    if (others == 0) return;
    throw std::runtime_error(fmt::format("{}(): it leaves {} {} running that isn't its broker", function, others,
                                         others == 1 ? "process" : "processes"));
  }

  PluginLibrary library_;
  RunDir* run_dir_;
  OutputGuard output_;
  const ipcbench_transport* transport_ = nullptr;
  void* session_ = nullptr;
  bool has_session_ = false;
  pid_t broker_ = 0;
  std::size_t before_ = 0;  // descriptors
};

std::string error_line(const std::exception& error) {
  JsonWriter json(kCompactJson);
  json.object([&] { json.member("error", std::string_view(error.what())); });
  return json.take();
}

}  // namespace

int answer_coordinator(const std::string& path, RunDir* run_dir, int socket) {
  // What the plug-in starts can be ended with its host, and children of its children come to the host.
  ::setpgid(0, 0);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  std::optional<HostSide> side;
  while (const std::optional<HostMessage> question = receive_message(socket)) {
    HostMessage answer;
    try {
      if (!side) side.emplace(path, run_dir);
      answer = side->answer(question->line);
    } catch (const std::exception& error) {
      answer = {.line = error_line(error)};
    }
    send_message(socket, answer);
  }
  return 0;
}

}  // namespace ipcbench
