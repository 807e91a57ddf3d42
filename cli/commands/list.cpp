#include <unistd.h>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

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
#include "results/model/json_writer.h"
#include "results/model/limits.h"
#include "results/rows/at_largest.h"
#include "transports/facts/find_facts.h"

namespace ipcbench {
namespace {

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

std::string attribute_text(const AttributeValue& value) {
  if (const std::string* text = std::get_if<std::string>(&value)) return *text;
  JsonWriter json(kCompactJson);
  json.value(value);
  return json.take();
}

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

template <class Name, class Value>
void add_option(JsonWriter& json, std::vector<std::string>& texts, const Name& name, const Value& value) {
  texts.push_back(fmt::format("{}={}", name, value));
  json.member(name, value);
}

// Each topic's function returns its tables, for people, and writes the same for programs: a list with an object for
// each row.

std::vector<Table> transports(JsonWriter& json) {
  Rows here;
  Rows missing;
  Rows details;
  json.list(transport_records(), [&](const TransportRecord& record) {
    const std::string limits = record.available ? limits_here(record.name) : "";
    std::vector<std::string> options;
    std::vector<std::string> capabilities;
    json.object([&] {
      json.member("name", record.name);
      json.member("family", record.family);
      json.text_or_null("row", record.row);
      json.member("summary", record.summary);
      json.member("available", record.available);
      json.text_or_null("reason", record.reason);
      json.key("capabilities").object([&] {
        for (const auto& [name, value] : record.capabilities) {
          json.member(name, value);
          // For people, a capability that it lacks is omitted, and one that it has needs no "=true".
          if (const bool* flag = std::get_if<bool>(&value)) {
            if (*flag) capabilities.push_back(name);
          } else if (const std::string text = attribute_text(value); !text.empty() && text != "null") {
            capabilities.push_back(name + "=" + text);
          }
        }
      });
      json.member("waits", record.waits);
      json.key("options").object([&] {
        for (const auto& [name, value] : record.options) add_option(json, options, name, value);
      });
      json.text_or_null("limits_met", limits);
    });
    std::vector<std::string_view> waits;
    for (const WaitName& wait : record.waits) waits.push_back(to_string(wait));
    if (record.available)
      here.push_back({record.name, record.family, fmt::format("{}", fmt::join(waits, " ")),
                      fmt::format("{}", fmt::join(options, " ")), record.summary, joined(record.reason, limits)});
    else
      missing.push_back({record.name, record.reason});
    if (!capabilities.empty()) details.push_back({record.name, fmt::format("{}", fmt::join(capabilities, " "))});
  });
  return {listing("Transports", {"name", "family", "waits", "options", "what it is", "limit here"}, here),
          listing("Can't run here", {"name", "reason"}, missing),
          listing("Capabilities", {"name", "capabilities"}, details)};
}

std::vector<Table> scenarios(JsonWriter& json) {
  Rows rows;
  Rows details;
  json.list(offered_scenarios(), [&](const ScenarioInfo& info) {
    const std::string name(info.name);
    std::vector<std::string> options;
    json.object([&] {
      json.member("name", name);
      json.member("summary", info.summary);
      json.key("options").object([&] {
        for (const OptionInfo& option : info.options) {
          add_option(json, options, option.name, option.default_value);
          details.push_back({std::string(option.name), name, std::string(option.summary)});
        }
      });
    });
    rows.push_back({name, fmt::format("{}", fmt::join(options, " ")), std::string(info.summary)});
  });
  return {listing("Scenarios", {"name", "options", "what the two processes do"}, rows),
          listing("Options of scenarios", {"option", "scenario", "what it sets"}, details)};
}

std::vector<Table> placements(JsonWriter& json, const Topology& topology) {
  Rows here;
  Rows missing;
  json.list([&] {
    for (const Placement placement : kPlacements) {
      const std::string name(to_string(placement));
      const std::optional<CpuPair> pair = topology.pair(placement);
      const std::string reason = pair ? "" : topology.missing_reason(placement);
      std::optional<std::array<int, 2>> pinned;
      if (pair && pair->producer >= 0) pinned = std::array{pair->producer, pair->consumer};
      if (pair)
        here.push_back({name, format_cpus(*pair)});
      else
        missing.push_back({name, reason});
      json.object([&] {
        json.member("name", name);
        json.member("cpus", pinned);
        json.member("available", pair.has_value());
        json.text_or_null("reason", reason);
      });
    }
  });
  return {listing("Placements", {"name", "CPUs"}, here), listing("Not on this machine", {"name", "reason"}, missing)};
}

std::vector<Table> suites(JsonWriter& json, const Topology& topology) {
  Rows rows;
  json.list(builtin_suites(), [&](const std::string& name) {
    const Suite suite = load_suite(name);
    const Plan plan = make_plan(suite, {}, topology, {});
    const auto total = estimate(plan).total;
    rows.push_back(
        {name, std::to_string(plan.cases.size()), std::to_string(plan.passes), format_duration(total), suite.summary});
    json.object([&] {
      json.member("name", name);
      json.member("summary", suite.summary);
      json.member("cases", plan.cases.size());
      json.member("launches", plan.passes);
      json.member("time_ns", total.count());
    });
  });
  return {listing("Suites", {"name", "cases", "launches", "time", "what it is for"}, rows)};
}

std::vector<Table> cases(JsonWriter& json, const Topology& topology, const std::string& suite) {
  const Plan plan = make_plan(load_suite(suite), {}, topology, {});
  Rows runs;
  Rows at_largest;
  Rows skipped;
  json.list(plan.cases, [&](const PlannedCase& planned) {
    const std::string id = planned.spec.id();
    if (planned.skip_reason.empty())
      runs.push_back({id, format_cpus(planned.cpus)});
    else
      skipped.push_back({id, planned.skip_reason});
    const CaseRecord record = case_record(planned, PayloadMode::lines);
    const std::string asked = asked_text(record);
    if (!asked.empty()) at_largest.push_back({id, asked, record.at_largest->limit});
    json.object([&] {
      json.member("id", id);
      json.member("skipped", !planned.skip_reason.empty());
      json.text_or_null("reason", planned.skip_reason);
      json.key("at_largest");
      if (asked.empty()) return json.value(nullptr);
      json.object([&] {
        json.member("asked", record.at_largest->asked);
        json.member("limit", record.at_largest->limit);
      });
    });
  });
  return {listing("Cases of " + plan.suite.name, {"id", "CPUs"}, runs),
          listing("Measured at their largest", {"id", "asked", "what sets the largest"}, at_largest),
          listing("Skipped", {"id", "reason"}, skipped)};
}

// Checks the facts now, as a run does.
std::vector<Table> facts(JsonWriter& json) {
  RunDir run = RunDir::create();
  Rows found;
  Rows unknown;
  json.list(find_facts(run), [&](const Fact& fact) {
    const std::string agreement(fact.agreement ? to_string(*fact.agreement) : "");
    if (fact.agreement)
      found.push_back({fact.claim, fact.transport, fact.question, fact.answer, agreement, fact.evidence});
    else
      unknown.push_back({fact.claim, fact.transport, fact.question, fact.reason});
    json.object([&] {
      json.member("claim", fact.claim);
      json.member("transport", fact.transport);
      json.member("question", fact.question);
      json.text_or_null("answer", fact.answer);
      json.text_or_null("evidence", fact.evidence);
      json.text_or_null("verdict", agreement);
      json.text_or_null("reason", fact.reason);
      json.member("limit", fact.limited ? std::optional(to_string(fact.limited->limit)) : std::nullopt);
    });
  });
  return {listing("Facts", {"claim", "transport", "question", "answer", "verdict", "what was seen"}, found),
          listing("Not found out here", {"claim", "transport", "question", "reason"}, unknown)};
}

int list(const ListArguments& arguments, const Globals& globals) {
  const Topology topology = Topology::of_this_machine();
  std::vector<Table> tables;
  JsonWriter json(kTreeJson);
  json.object([&] {
    const auto answer = [&](std::string_view topic, bool wanted, const auto& write) {
      if (!wanted) return;
      const std::vector<Table> found = write(json.key(topic));
      tables.insert(tables.end(), found.begin(), found.end());
    };
    const bool all = arguments.topic.empty();
    const auto is = [&](std::string_view topic) { return arguments.topic == topic; };
    answer("transports", all || is("transports"), transports);
    answer("scenarios", all || is("scenarios"), scenarios);
    answer("placements", all || is("placements"), [&](JsonWriter& out) { return placements(out, topology); });
    answer("suites", all || is("suites"), [&](JsonWriter& out) { return suites(out, topology); });
    answer("facts", is("facts"), facts);
    answer("cases", is("cases"), [&](JsonWriter& out) { return cases(out, topology, arguments.suite); });
  });
  print(arguments.json ? json.take() + "\n" : format_tables(tables, use_color(globals.color_when(), STDOUT_FILENO)));
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
