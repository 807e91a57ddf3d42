#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "results/model/result_error.h"
#include "results/model/utf8.h"

// Parses JSON text into a tree. A tap sees each value as it is completed and may take large ones out.

namespace ipcbench::json {

using Json = nlohmann::ordered_json;  // attributes keep their order

inline constexpr std::size_t kMaxDepth = 32;
// Per object: an ordered object searches all its keys for each new one.
inline constexpr std::size_t kMaxMembers = 4096;
inline constexpr std::size_t kMaxText = std::size_t{1} << 20;  // bytes of a string or a key
// per tree: a value takes many times the memory of its text
inline constexpr std::size_t kMaxValues = std::size_t{16} << 20;

// The tap that keeps everything. `depth` counts the containers around the value.
class KeepAll {
 public:
  void key(std::size_t /*depth*/, std::string_view /*name*/) noexcept {}
  // Sees a complete value and may replace it in the tree.
  void sees(std::size_t /*depth*/, Json& /*value*/) noexcept {}
};

// Builds the tree from nlohmann::json_sax events; errors are ResultError. It is faster than nlohmann's parser with a
// callback, which makes a value of every key and scans an array after each of its objects.
template <class Tap>
class TreeBuilder {
 public:
  TreeBuilder(const std::string& file, Tap& tap) : file_(file), tap_(tap) {}

  Json take() { return std::move(root_); }

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double value, const std::string& /*text*/) { return add(value); }
  bool string(std::string& value) {
    check_length(value);
    return add(std::move(value));
  }
  bool binary(Json::binary_t& /*value*/) { return false; }  // text has none

  bool start_object(std::size_t /*members*/) {
    open(Json::value_t::object);
    return true;
  }
  bool key(std::string& name) {
    auto& members = open_.back()->get_ref<Json::object_t&>();
    check_length(name);
    if (members.size() == kMaxMembers) fail(fmt::format("an object with more than {} keys", kMaxMembers));
    if (members.size() == members.capacity()) members.reserve(std::max<std::size_t>(4, 8 * members.size()));
    const auto [member, is_new] = members.emplace(name, nullptr);
    if (!is_new) fail(fmt::format("the key \"{}\" is there twice in one object", printable(name)));
    member_ = &member->second;
    tap_.key(open_.size(), name);
    return true;
  }
  bool end_object() {
    close();
    return true;
  }
  bool start_array(std::size_t /*elements*/) {
    open(Json::value_t::array);
    return true;
  }
  bool end_array() {
    close();
    return true;
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/, const Json::exception& error) {
    std::string_view what = error.what();  // "[json.exception.parse_error.101] parse error at line 1, column 5: …"
    if (const std::size_t end = what.find("] "); end != std::string_view::npos) what.remove_prefix(end + 2);
    throw ResultError(fmt::format("{}: not JSON: {}", file_, what));
  }

 private:
  [[noreturn]] void fail(std::string_view problem) const { throw ResultError(fmt::format("{}: {}", file_, problem)); }

  void check_length(const std::string& text) const {
    if (text.size() > kMaxText) fail(fmt::format("a string of more than {} bytes", kMaxText));
  }

  template <class T>
  Json& put(T&& value) {
    if (++values_ > kMaxValues) fail(fmt::format("more than {} values", kMaxValues));
    if (open_.empty()) return root_ = std::forward<T>(value);
    Json& parent = *open_.back();
    if (!parent.is_array()) return *member_ = std::forward<T>(value);
    return parent.get_ref<Json::array_t&>().emplace_back(std::forward<T>(value));
  }
  template <class T>
  bool add(T&& value) {
    Json& node = put(std::forward<T>(value));
    tap_.sees(open_.size(), node);
    return true;
  }
  void open(Json::value_t container) {
    if (open_.size() == kMaxDepth) fail(fmt::format("nested deeper than {} levels", kMaxDepth));
    open_.push_back(&put(Json(container)));
    values_until_.push_back(values_);
  }
  void close() {
    Json& node = *open_.back();
    open_.pop_back();
    tap_.sees(open_.size(), node);
    if (node.is_null()) values_ = values_until_.back();  // taken out of the tree
    values_until_.pop_back();
  }

  const std::string& file_;
  Tap& tap_;
  Json root_;
  std::size_t values_ = 0;                 // in the tree
  std::vector<std::size_t> values_until_;  // in the tree before each open container
  std::vector<Json*> open_;                // enclosing containers; none grows while one inside it is open
  Json* member_ = nullptr;                 // receives the value of the last key
};

// Parses `text`; `file` names it in errors. Throws ResultError for any malformed text.
template <class Tap>
Json parse(std::string_view text, const std::string& file, Tap& tap) {
  TreeBuilder<Tap> builder(file, tap);
  Json::sax_parse(text, &builder);
  return builder.take();
}
inline Json parse(std::string_view text, const std::string& file) {
  KeepAll all;
  return parse(text, file, all);
}

}  // namespace ipcbench::json
