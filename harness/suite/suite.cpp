#include "harness/suite/suite.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/core.h>
#include <toml++/toml.h>

#include "harness/base/usage_error.h"
#include "harness/files/input_file.h"
#include "harness/files/toml_reader.h"
#include "harness/plugin/checked_text.h"
#include "harness/sdk/registry.h"
#include "harness/suite/builtin_suites.h"
#include "harness/suite/case_names.h"
#include "harness/suite/duration.h"
#include "results/model/json_text.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kSchema = "ipcbench-suite";
constexpr std::int64_t kVersion = 1;
constexpr int kMaxLaunches = 10000;  // more is a typing mistake
constexpr auto kMinBlock = 5ms;
constexpr std::size_t kLargestSuite = std::size_t{1} << 20;

std::vector<std::string> plus(std::vector<std::string> names, std::initializer_list<const char*> words) {
  names.insert(names.end(), words.begin(), words.end());
  return names;
}

// Reads a suite of schema "ipcbench-suite".
class SuiteReader : public TomlReader {
 public:
  using TomlReader::TomlReader;

  Suite suite(const toml::table& root) const;

 private:
  Workers workers(const toml::node& node) const {
    const std::string name = text(node, "workers");
    if (const std::optional<Workers> known = parse_workers(name)) return *known;
    throw UsageError(
        fmt::format("{}: unknown kind '{}'{}", at(node, "workers"), name, suggestion(name, workers_names())));
  }

  // `launches` is the older name of `passes`.
  std::optional<int> passes(const toml::table& root) const {
    const std::string_view key = root.contains("passes") ? "passes" : "launches";
    const toml::node* node = root.get(key);
    if (node == nullptr) return std::nullopt;
    if (key == "passes" && root.contains("launches")) {
      throw UsageError(
          fmt::format("{} is the older name of passes: give one of them", at(*root.get("launches"), "launches")));
    }
    const std::int64_t count = whole(*node, key);
    if (count < kFewestLaunches || count > kMaxLaunches) {
      throw UsageError(
          fmt::format("{} must be from {} to {}, not {}", at(*node, key), kFewestLaunches, kMaxLaunches, count));
    }
    return static_cast<int>(count);
  }

  std::uint64_t most_load(const toml::node& node) const {
    const std::int64_t percent = whole(node, "most_load");
    if (percent < 1 || percent > 100)
      throw UsageError(fmt::format("{} must be from 1 to 100 per cent, not {}", at(node, "most_load"), percent));
    return static_cast<std::uint64_t>(percent);
  }

  std::chrono::nanoseconds duration(const toml::node& node, std::string_view key) const {
    const auto value = parse_duration(text(node, key), at(node, key));
    if (value <= 0s) throw UsageError(fmt::format("{} must be more than nothing", at(node, key)));
    return value;
  }

  std::vector<std::string> registered_names(const toml::node& node) const {
    std::vector<std::string> valid;
    for (const RegisteredTransport& entry : registered_transports()) valid.emplace_back(entry.name);
    return names(node, "transports", valid, "; that of a plug-in needs --plugin FILE");
  }

  // Returns any names that a plug-in's transport may have.
  std::vector<std::string> names_of_plugins(const toml::node& node) const {
    std::vector<std::string> result;
    for (const toml::node& value : array(node, "transports")) result.push_back(fitting(name_from, value, "transports"));
    return result;
  }

  // Returns a text that `check` takes, which throws why it doesn't.
  std::string fitting(std::string (*check)(const char*, const std::string&), const toml::node& node,
                      std::string_view key) const {
    try {
      return check(text(node, key).c_str(), at(node, key));
    } catch (const std::runtime_error& error) {
      throw UsageError(error.what());
    }
  }

  std::size_t size(const toml::node& node) const {
    const std::size_t given = bytes(node, "sizes");
    if (given > 0) return given;
    throw UsageError(
        fmt::format("{} must be at least 1; transports that carry nothing have 0 without asking", at(node, "sizes")));
  }

  CaseGroup group(const toml::table& table) const;
};

CaseGroup SuiteReader::group(const toml::table& table) const {
  check_keys(table, {"scenarios", "transports", "waits", "sizes", "placements", "options", "without_plugin"});
  CaseGroup group;
  if (const toml::node* node = table.get("without_plugin")) {
    group.without_plugin = fitting(line_from, *node, "without_plugin");
  }
  if (const toml::node* node = table.get("scenarios")) {
    for (const std::string& name : names(*node, "scenarios", scenario_names())) {
      group.scenarios.push_back(*parse_scenario(name));
    }
  }
  if (const toml::node* node = table.get("transports")) {
    group.transports = group.without_plugin.empty() ? registered_names(*node) : names_of_plugins(*node);
  }
  if (const toml::node* node = table.get("waits")) {
    group.waits = names(*node, "waits", plus(wait_names(), {"table", "all"}));
  }
  if (const toml::node* node = table.get("sizes")) {
    for (const toml::node& value : array(*node, "sizes")) group.sizes.push_back(size(value));
  }
  if (const toml::node* node = table.get("placements")) {
    group.placements = names(*node, "placements", plus(placement_names(), {"nearest", "all"}));
  }
  if (const toml::node* node = table.get("options")) {
    for (const toml::node& value : array(*node, "options")) group.options.push_back(option(value, "options"));
  }
  return group;
}

Suite SuiteReader::suite(const toml::table& root) const {
  check_schema(root, kSchema, kVersion);
  check_keys(root, {"schema", "version", "name", "summary", "passes", "launches", "block", "budget", "workers",
                    "most_load", "cases"});

  Suite suite;
  suite.name = text(need(root, "name"), "name");
  if (suite.name.size() > kLongestWord)
    throw UsageError(fmt::format("{} must be at most {} bytes long", at(need(root, "name"), "name"), kLongestWord));
  if (const toml::node* node = root.get("summary")) suite.summary = text(*node, "summary");
  suite.passes = passes(root).value_or(suite.passes);
  suite.block = duration(need(root, "block"), "block");
  if (suite.block < kMinBlock) {
    throw UsageError(
        fmt::format("{} must be at least {}", at(need(root, "block"), "block"), format_duration(kMinBlock)));
  }
  suite.budget = duration(need(root, "budget"), "budget");
  if (const toml::node* node = root.get("workers")) suite.workers = workers(*node);
  if (const toml::node* node = root.get("most_load")) suite.most_load = most_load(*node);
  for (const toml::node& node : array(need(root, "cases"), "cases")) {
    const toml::table* table = node.as_table();
    if (table == nullptr) throw UsageError(fmt::format("{} must be tables: [[cases]]", at(node, "cases")));
    suite.groups.push_back(group(*table));
  }
  return suite;
}

bool is_path(const std::string& name_or_path) {
  const std::string_view ending = ".toml";
  return name_or_path.find('/') != std::string::npos ||
         (name_or_path.size() > ending.size() &&
          name_or_path.compare(name_or_path.size() - ending.size(), ending.size(), ending) == 0);
}

}  // namespace

Suite parse_suite(const std::string& text, const std::string& file) {
  try {
    return SuiteReader(file).suite(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    throw UsageError(fmt::format("{}:{}: {}", file, error.source().begin.line, error.description()));
  }
}

Suite load_suite(const std::string& name_or_path) {
  if (is_path(name_or_path)) {
    std::string text;
    try {
      text = read_input(name_or_path, kLargestSuite);
    } catch (const std::system_error& error) {
      throw UsageError(fmt::format("suite: {}", error.what()));
    }
    return parse_suite(text, name_or_path);
  }
  for (const BuiltinSuite& suite : builtin_suite_texts()) {
    if (suite.name == name_or_path) return parse_suite(std::string(suite.text), fmt::format("{}.toml", suite.name));
  }
  throw UsageError(fmt::format("unknown suite '{}'{}; a file needs the ending .toml", name_or_path,
                               suggestion(name_or_path, builtin_suites())));
}

std::vector<std::string> builtin_suites() {
  std::vector<std::string> names;
  for (const BuiltinSuite& suite : builtin_suite_texts()) names.emplace_back(suite.name);
  return names;
}

}  // namespace ipcbench
