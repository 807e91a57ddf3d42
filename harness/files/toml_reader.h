#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "harness/base/usage_error.h"

namespace ipcbench {

// TomlReader reads the nodes of a TOML file that a user wrote. It throws UsageError that names the file, the line and
// the key. It lies in a header, since only few files read TOML and the library is large.
class TomlReader {
 public:
  explicit TomlReader(std::string_view file) : file_(file) {}

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

  // Checks the keys `schema` and `version`, which every file begins with.
  void check_schema(const toml::table& root, std::string_view name, std::int64_t number) const {
    const toml::node& schema = need(root, "schema");
    if (text(schema, "schema") != name) throw UsageError(fmt::format("{} must be \"{}\"", at(schema, "schema"), name));
    const toml::node& version = need(root, "version");
    if (whole(version, "version") != number) {
      throw UsageError(fmt::format("{} {} is not supported; this program reads version {}", at(version, "version"),
                                   whole(version, "version"), number));
    }
  }

  const toml::node& need(const toml::table& table, std::string_view key) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) throw UsageError(fmt::format("{}: the key '{}' is missing", at(table.source()), key));
    return *node;
  }

  std::string text(const toml::node& node, std::string_view key) const {
    if (const auto* value = node.as_string()) return value->get();
    throw UsageError(fmt::format("{} must be a string in quotes", at(node, key)));
  }

  std::int64_t whole(const toml::node& node, std::string_view key) const {
    if (const auto* value = node.as_integer()) return value->get();
    throw UsageError(fmt::format("{} must be a whole number", at(node, key)));
  }

  const toml::array& array(const toml::node& node, std::string_view key) const {
    const toml::array* values = node.as_array();
    if (values == nullptr) throw UsageError(fmt::format("{} must be an array: [...]", at(node, key)));
    if (values->empty()) throw UsageError(fmt::format("{} is empty; leave the key out", at(node, key)));
    return *values;
  }

  // Returns the strings of an array, each of which must be valid.
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

  // Returns the bytes that a whole number or a string such as "64KiB" stands for.
  std::size_t bytes(const toml::node& node, std::string_view key) const {
    if (const auto* number = node.as_integer()) {
      if (number->get() < 0) throw UsageError(fmt::format("{} must not be negative", at(node, key)));
      return static_cast<std::size_t>(number->get());
    }
    if (const auto* words = node.as_string()) return parse_size(words->get(), at(node, key));
    throw UsageError(fmt::format("{} must be whole numbers or strings such as \"64KiB\"", at(node, key)));
  }

  // Returns the two halves of a string "name=value".
  std::pair<std::string, std::string> option(const toml::node& node, std::string_view key) const {
    const std::string words = text(node, key);
    const std::size_t equals = words.find('=');
    if (equals == std::string::npos || equals == 0)
      throw UsageError(fmt::format("{}: '{}' is not \"name=value\"", at(node, key), words));
    return {words.substr(0, equals), words.substr(equals + 1)};
  }

 private:
  std::string file_;
};

}  // namespace ipcbench
