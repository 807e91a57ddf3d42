#include <unistd.h>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/options/command_line.h"
#include "cli/options/run_arguments.h"
#include "cli/options/subcommands.h"
#include "cli/output/listing.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/host/topology.h"
#include "harness/plan/launch_limits.h"
#include "harness/plan/make_plan.h"
#include "harness/plan/plan_time.h"
#include "harness/run/case_records.h"
#include "harness/run/host_records.h"
#include "harness/run_dir/run_dir.h"
#include "harness/sdk/registry.h"
#include "harness/suite/duration.h"
#include "results/model/limits.h"
#include "results/rows/at_largest.h"
#include "transports/facts/find_facts.h"

namespace ipcbench {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

constexpr const char* kListExamples = R"(Examples:
  ipcbench list                       everything but the facts and the cases
  ipcbench list transports --json     capabilities, wait strategies and options, for programs
  ipcbench list facts                 what is found out here by experiment: limits, order, lifetime …
  ipcbench list cases standard        the case ids of a suite, skipped ones with their reason)";

constexpr std::size_t kListedSize = 64;  // bytes of a message

struct ListArguments {
  std::string topic;
  std::string suite = "quick";
  bool json = false;
};

// The answer to a topic, for people and for programs.
struct Answer {
  std::vector<Table> tables;
  Json json;
};

Json json_of(const AttributeValue& value) {
  return std::visit(
      [](const auto& held) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>)
          return nullptr;
        else
          return held;
      },
      value);
}

std::string attribute_text(const AttributeValue& value) {
  const Json json = json_of(value);
  return json.is_string() ? json.get<std::string>() : json.dump();
}

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

// Returns the limits of this host that would change a transport's buffers; "" for none.
std::string limits_here(const std::string& transport) {
  const Transport& found = *find_transport(transport);
  const BufferSizes sizes = found.buffers_here(kListedSize, option_values({.transport = transport}, found.info()));
  const std::string limits = limits_text(limits_behind({&sizes, 1}));
  return limits.empty() ? "" : fmt::format("{} {}", kLimitMark, limits);
}

std::string joined(const std::string& first, const std::string& second) {
  return first.empty() || second.empty() ? first + second : fmt::format("{}; {}", first, second);
}

Answer transports() {
  Rows here;
  Rows missing;
  Rows details;
  Json json = Json::array();
  for (const TransportRecord& record : transport_records()) {
    std::vector<std::string> options;
    Json json_options = Json::object();
    for (const auto& [name, value] : record.options) {
      options.push_back(name + "=" + value);
      json_options[name] = value;
    }
    std::vector<std::string> capabilities;
    Json json_capabilities = Json::object();
    for (const auto& [name, value] : record.capabilities) {
      json_capabilities[name] = json_of(value);
      // For people, a capability that it lacks is omitted, and one that it has needs no "=true".
      if (const bool* flag = std::get_if<bool>(&value)) {
        if (*flag) capabilities.push_back(name);
      } else if (const std::string text = attribute_text(value); !text.empty() && text != "null") {
        capabilities.push_back(name + "=" + text);
      }
    }
    const std::string limits = record.available ? limits_here(record.name) : "";
    if (record.available)
      here.push_back({record.name, record.family, fmt::format("{}", fmt::join(record.waits, " ")),
                      fmt::format("{}", fmt::join(options, " ")), record.summary, joined(record.reason, limits)});
    else
      missing.push_back({record.name, record.reason});
    if (!capabilities.empty()) details.push_back({record.name, fmt::format("{}", fmt::join(capabilities, " "))});
    json.push_back({{"name", record.name},
                    {"family", record.family},
                    {"row", or_null(record.row)},
                    {"summary", record.summary},
                    {"available", record.available},
                    {"reason", or_null(record.reason)},
                    {"capabilities", std::move(json_capabilities)},
                    {"waits", record.waits},
                    {"options", std::move(json_options)},
                    {"limits_met", or_null(limits)}});
  }
  return {.tables = {listing("Transports", {"name", "family", "waits", "options", "what it is", "limit here"}, here),
                     listing("Can't run here", {"name", "reason"}, missing),
                     listing("Capabilities", {"name", "capabilities"}, details)},
          .json = std::move(json)};
}

Answer scenarios() {
  Rows rows;
  Rows details;
  Json json = Json::array();
  for (const Scenario scenario : kScenarios) {
    const ScenarioInfo& info = scenario_info(scenario);
    std::vector<std::string> options;
    Json json_options = Json::object();
    for (const OptionInfo& option : info.options) {
      options.push_back(fmt::format("{}={}", option.name, option.default_value));
      json_options[std::string(option.name)] = option.default_value;
      details.push_back({std::string(option.name), std::string(info.name), std::string(option.summary)});
    }
    rows.push_back({std::string(info.name), fmt::format("{}", fmt::join(options, " ")), std::string(info.summary)});
    json.push_back({{"name", info.name}, {"summary", info.summary}, {"options", std::move(json_options)}});
  }
  return {.tables = {listing("Scenarios", {"name", "options", "what the two processes do"}, rows),
                     listing("Options of scenarios", {"option", "scenario", "what it sets"}, details)},
          .json = std::move(json)};
}

Answer placements(const Topology& topology) {
  Rows here;
  Rows missing;
  Json json = Json::array();
  for (int n = 0; n < kPlacements; ++n) {
    const auto placement = static_cast<Placement>(n);
    const std::string name(name_of(placement));
    const std::optional<CpuPair> pair = topology.pair(placement);
    const std::string reason = pair ? "" : topology.missing_reason(placement);
    const bool pinned = pair && pair->producer >= 0;
    if (pair)
      here.push_back({name, format_cpus(*pair)});
    else
      missing.push_back({name, reason});
    json.push_back({{"name", name},
                    {"cpus", pinned ? Json::array({pair->producer, pair->consumer}) : Json(nullptr)},
                    {"available", pair.has_value()},
                    {"reason", or_null(reason)}});
  }
  return {.tables = {listing("Placements", {"name", "CPUs"}, here),
                     listing("Not on this machine", {"name", "reason"}, missing)},
          .json = std::move(json)};
}

Answer suites(const Topology& topology) {
  Rows rows;
  Json json = Json::array();
  for (const std::string& name : builtin_suites()) {
    const Suite suite = load_suite(name);
    const Plan plan = make_plan(suite, {}, topology, {});
    const auto total = estimate(plan).total;
    rows.push_back(
        {name, std::to_string(plan.cases.size()), std::to_string(plan.passes), format_duration(total), suite.summary});
    json.push_back({{"name", name},
                    {"summary", suite.summary},
                    {"cases", plan.cases.size()},
                    {"launches", plan.passes},
                    {"time_ns", total.count()}});
  }
  return {.tables = {listing("Suites", {"name", "cases", "launches", "time", "what it is for"}, rows)},
          .json = std::move(json)};
}

Answer cases(const Topology& topology, const std::string& suite) {
  const Plan plan = make_plan(load_suite(suite), {}, topology, {});
  Rows runs;
  Rows at_largest;
  Rows skipped;
  Json json = Json::array();
  for (const PlannedCase& planned : plan.cases) {
    const std::string id = planned.spec.id();
    if (planned.skip_reason.empty())
      runs.push_back({id, format_cpus(planned.cpus)});
    else
      skipped.push_back({id, planned.skip_reason});
    Json largest = nullptr;
    const CaseRecord record = case_record(planned, PayloadMode::lines);
    if (const std::string asked = asked_text(record); !asked.empty()) {
      at_largest.push_back({id, asked, record.at_largest->limit});
      largest = {{"asked", record.at_largest->asked}, {"limit", record.at_largest->limit}};
    }
    json.push_back({{"id", id},
                    {"skipped", !planned.skip_reason.empty()},
                    {"reason", or_null(planned.skip_reason)},
                    {"at_largest", std::move(largest)}});
  }
  return {.tables = {listing("Cases of " + plan.suite.name, {"id", "CPUs"}, runs),
                     listing("Measured at their largest", {"id", "asked", "what sets the largest"}, at_largest),
                     listing("Skipped", {"id", "reason"}, skipped)},
          .json = std::move(json)};
}

// Checks the facts now, as a run does.
Answer facts() {
  RunDir run = RunDir::create();
  Rows found;
  Rows unknown;
  Json json = Json::array();
  for (const Fact& fact : find_facts(run)) {
    const std::string verdict(fact.verdict ? name_of(*fact.verdict) : "");
    if (fact.verdict)
      found.push_back({fact.claim, fact.transport, fact.question, fact.answer, verdict, fact.evidence});
    else
      unknown.push_back({fact.claim, fact.transport, fact.question, fact.reason});
    json.push_back({{"claim", fact.claim},
                    {"transport", fact.transport},
                    {"question", fact.question},
                    {"answer", or_null(fact.answer)},
                    {"evidence", or_null(fact.evidence)},
                    {"verdict", or_null(verdict)},
                    {"reason", or_null(fact.reason)},
                    {"limit", fact.limited ? Json(name_of(fact.limited->limit)) : Json(nullptr)}});
  }
  return {.tables = {listing("Facts", {"claim", "transport", "question", "answer", "verdict", "what was seen"}, found),
                     listing("Not found out here", {"claim", "transport", "question", "reason"}, unknown)},
          .json = std::move(json)};
}

int list(const ListArguments& arguments, const Globals& globals) {
  const Topology topology = Topology::of_this_machine();
  std::vector<std::pair<std::string, Answer>> answers;
  const auto wanted = [&](std::string_view topic) { return arguments.topic.empty() || arguments.topic == topic; };
  if (wanted("transports")) answers.emplace_back("transports", transports());
  if (wanted("scenarios")) answers.emplace_back("scenarios", scenarios());
  if (wanted("placements")) answers.emplace_back("placements", placements(topology));
  if (wanted("suites")) answers.emplace_back("suites", suites(topology));
  if (arguments.topic == "facts") answers.emplace_back("facts", facts());
  if (arguments.topic == "cases") answers.emplace_back("cases", cases(topology, arguments.suite));

  Json json = Json::object();
  std::vector<Table> tables;
  for (auto& [topic, answer] : answers) {
    json[topic] = std::move(answer.json);
    tables.insert(tables.end(), answer.tables.begin(), answer.tables.end());
  }
  print(arguments.json ? json.dump(2) + "\n" : text_of(tables, use_color(globals.color_when(), STDOUT_FILENO)));
  return 0;
}

}  // namespace

Subcommand add_list(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("list", "says what there is, and what can't run here, with the reason");
  app->footer(kListExamples);
  auto arguments = std::make_shared<ListArguments>();
  app->add_option("WHAT", arguments->topic,
                  "transports, scenarios, placements, suites, facts or cases; default: all but facts and cases")
      ->check(one_of({"transports", "scenarios", "placements", "suites", "facts", "cases"}));
  app->add_option("SUITE", arguments->suite, "for cases: a built-in suite or a .toml file; default: quick");
  app->add_flag("--json", arguments->json, "one JSON document");
  return {app, [arguments, &globals] { return list(*arguments, globals); }};
}

}  // namespace ipcbench
