#include "harness/plugin/foreign_facts.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/plugin/checked_text.h"
#include "harness/plugin/foreign_lines.h"
#include "harness/plugin/foreign_process.h"

namespace ipcbench {
namespace {

using json::Json;
using namespace std::chrono_literals;

constexpr auto kPatience = 10s;
constexpr std::size_t kMostNames = 64;

std::string text_in(const Json& said, const char* member) {
  const auto found = said.find(member);
  return found != said.end() && found->is_string() ? found->get<std::string>() : "";
}

std::vector<std::string> names_in(const Json& said, const char* member) {
  const auto found = said.find(member);
  std::vector<std::string> names;
  if (found != said.end() && found->is_array()) {
    for (const Json& name : *found)
      names.push_back(name_from(name.is_string() ? name.get<std::string>().c_str() : "", member));
  }
  if (names.empty() || names.size() > kMostNames)
    throw std::runtime_error(fmt::format("{} is no list of 1 to {} names", member, kMostNames));
  return names;
}

ForeignFacts facts_in(const Json& said) {
  if (const auto protocol = said.find("protocol"); protocol == said.end() || *protocol != kForeignProtocol) {
    throw std::runtime_error(fmt::format("its protocol is {}, and that of this program {}",
                                         protocol == said.end() ? "missing" : protocol->dump(), kForeignProtocol));
  }
  ForeignFacts facts{.name = name_from(text_in(said, "name").c_str(), "name"),
                     .version = line_from(text_in(said, "version").c_str(), "version"),
                     .subject = line_from(text_in(said, "subject").c_str(), "subject"),
                     .language = line_from(text_in(said, "language").c_str(), "language"),
                     .transports = names_in(said, "transports"),
                     .waits = {}};
  for (const std::string& name : names_in(said, "waits")) {
    const std::optional<WaitStrategy> wait = parse_wait_strategy(name);
    if (!wait) throw std::runtime_error(fmt::format("waits has '{}': block, spin, poll or hybrid", name));
    facts.waits.push_back(*wait);
  }
  const std::string payload = text_in(said, "payload");
  if (payload != "touched" && payload != "header")
    throw std::runtime_error(fmt::format("payload is '{}': touched or header", payload));
  facts.touches_payload = payload == "touched";
  return facts;
}

}  // namespace

ForeignFacts described(const ForeignCommand& command) {
  RunDir run_dir = RunDir::create();
  ForeignProcess process(command, -1, {}, run_dir);
  ForeignFacts facts;
  try {
    ForeignLines lines(process.take_socket());
    lines.send(fmt::format(R"({{"protocol":{},"task":"describe"}})", kForeignProtocol));
    facts = facts_in(lines.receive(kPatience));
  } catch (const std::runtime_error& error) {
    throw process.with_end(error, 1s);
  }
  if (const std::string end = process.end(kPatience); !end.empty())
    throw std::runtime_error(fmt::format("it {} after it had described itself", end));
  return facts;
}

}  // namespace ipcbench
