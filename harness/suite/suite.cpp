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

// Reads the nodes of a file; every message begins with its name and line.
class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  Suite suite(const toml::table& root) const;

 private:
  std::string at(const toml::source_region& source) const { return fmt::format("{}:{}", file_, source.begin.line); }
  std::string at(const toml::node& node, std::string_view key) const {
    return fmt::format("{}: {}", at(node.source()), key);
  }

  void check_keys(const toml::table& table, const std::vector<std::string>& valid) const {
    for (auto&& [key, value] : table) {
      if (std::find(valid.begin(), valid.end(), key.str()) != valid.end()) continue;
      throw UsageError(
          fmt::format("{}: unknown key '{}'{}", at(key.source()), key.str(), suggestion(key.str(), valid)));
    }
  }

  const toml::node& need(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) throw UsageError(fmt::format("{}: the key '{}' is missing", at(table.source()), key));
    return *node;
  }

  Workers workers(const toml::node& node) const {
    const std::string name = text(node, "workers");
    if (const std::optional<Workers> known = parse_workers(name)) return *known;
    throw UsageError(
        fmt::format("{}: unknown kind '{}'{}", at(node, "workers"), name, suggestion(name, workers_names())));
  }

  std::string text(const toml::node& node, std::string_view key) const {
    if (const auto* value = node.as_string()) return value->get();
    throw UsageError(fmt::format("{} must be a string in quotes", at(node, key)));
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
  std::int64_t whole(const toml::node& node, std::string_view key) const {
    if (const auto* value = node.as_integer()) return value->get();
    throw UsageError(fmt::format("{} must be a whole number", at(node, key)));
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

  const toml::array& array(const toml::node& node, std::string_view key) const {
    const toml::array* values = node.as_array();
    if (values == nullptr) throw UsageError(fmt::format("{} must be an array: [...]", at(node, key)));
    if (values->empty()) throw UsageError(fmt::format("{} is empty; leave the key out", at(node, key)));
    return *values;
  }

  std::vector<std::string> names(const toml::node& node, std::string_view key, const std::vector<std::string>& valid,
                                 std::string_view how = "") const {
    std::vector<std::string> result;
    for (const toml::node& value : array(node, key)) {
      result.push_back(text(value, key));
      if (std::find(valid.begin(), valid.end(), result.back()) == valid.end()) {
        throw UsageError(fmt::format("{}: unknown value '{}'{}{}", at(value, key), result.back(),
                                     suggestion(result.back(), valid), how));
      }
    }
    return result;
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
    const std::string where = at(node, "sizes");
    std::size_t bytes = 0;
    if (const auto* number = node.as_integer()) {
      bytes = number->get() < 0 ? 0 : static_cast<std::size_t>(number->get());
    } else if (const auto* words = node.as_string()) {
      bytes = parse_size(words->get(), where);
    } else {
      throw UsageError(fmt::format("{} must be whole numbers or strings such as \"64KiB\"", where));
    }
    if (bytes == 0) {
      throw UsageError(
          fmt::format("{} must be at least 1; transports that carry nothing have 0 without asking", where));
    }
    return bytes;
  }

  std::pair<std::string, std::string> option(const toml::node& node) const {
    const std::string words = text(node, "options");
    const std::size_t equals = words.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError(fmt::format("{}: '{}' is not \"name=value\"", at(node, "options"), words));
    }
    return {words.substr(0, equals), words.substr(equals + 1)};
  }

  CaseGroup group(const toml::table& table) const;

  const std::string& file_;
};

CaseGroup Reader::group(const toml::table& table) const {
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
    for (const toml::node& value : array(*node, "options")) group.options.push_back(option(value));
  }
  return group;
}

Suite Reader::suite(const toml::table& root) const {
  const toml::node& schema = need(root, "schema");
  if (text(schema, "schema") != kSchema) {
    throw UsageError(fmt::format("{} must be \"{}\"", at(schema, "schema"), kSchema));
  }
  const toml::node& version = need(root, "version");
  if (whole(version, "version") != kVersion) {
    throw UsageError(fmt::format("{} {} is not supported; this program reads version {}", at(version, "version"),
                                 whole(version, "version"), kVersion));
  }
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
    return Reader(file).suite(toml::parse(text, file));
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
