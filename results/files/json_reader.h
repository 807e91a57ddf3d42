#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "results/files/json_fields.h"
#include "results/files/unsupported.h"
#include "results/model/json_text.h"
#include "results/model/json_tree.h"
#include "results/model/record.h"
#include "results/model/result_error.h"
#include "results/model/utf8.h"

namespace ipcbench::json {

// Larger numbers are no figures (30 years in ns, a billion GB/s) and don't fit into integers.
inline constexpr double kLargestNumber = 1e18;
// Limits one array. The largest suite has 2000 cases, and a run at most 10000 launches of each.
inline constexpr std::size_t kMostElements = 50'000;

// Reads a record from a tree of JSON: an archive of json_fields.h. Throws ResultError with the place in the file.
class Reader {
 public:
  // `prefix` locates the node in errors.
  Reader(const Json& node, const std::string& file, Form form, std::string_view prefix = {})
      : node_(node), file_(file), form_(form), key_(prefix) {}

  template <class T>
  void operator()(std::string_view key, T& value) {
    const Reader child = member(key);
    child.get(value);
  }
  template <class F>
  void object(std::string_view key, const F& content) {
    Reader child = member(key);
    child.require(child.node_.is_object(), "an object");
    content(child);
  }
  void word(std::string_view key, std::string& text) {
    const Reader child = member(key);
    child.get(text);
    if (text.size() > kLongestWord) child.fail(fmt::format("longer than {} bytes", kLongestWord));
  }
  template <class T>
    requires kIsNamed<T>
  void word(std::string_view key, T& named) {
    std::string text;
    word(key, text);
    named = T(std::move(text));
  }
  void text_or_null(std::string_view key, std::string& text) {
    const Reader child = member(key);
    if (child.node_.is_null()) {
      text.clear();
    } else {
      child.get(text);
    }
  }
  template <class T>
  void added(std::string_view key, T& value) {
    if (node_.contains(key)) (*this)(key, value);
  }
  template <class F>
  void added_object(std::string_view key, bool& is_there, const F& content) {
    is_there = node_.contains(key);
    if (is_there) object(key, content);
  }
  template <class T>
  void if_any(std::string_view key, std::optional<T>& value) {
    if (node_.contains(key)) (*this)(key, value);
  }
  void reason(std::string& text) {
    if (node_.contains("reason")) (*this)("reason", text);
  }
  // Reads a key that older versions didn't write; if it is missing, `value` keeps its default.
  template <class T>
  void optional(std::string_view key, T& value) {
    if (node_.contains(key)) (*this)(key, value);
  }
  template <class T>
  void unless_empty(std::string_view key, T& value) {
    if (node_.contains(key)) (*this)(key, value);
  }
  Form form() const { return form_; }

  template <class T>
  void record(T& value) {
    require(node_.is_object(), "an object");
    fields(*this, value);
    if (form_ != Form::summary) drop_unsupported(value);
  }

  [[noreturn]] void fail(std::string_view problem) const {
    const std::string where = path();
    throw ResultError(where.empty() ? fmt::format("{}: {}", file_, problem)
                                    : fmt::format("{}: {}: {}", file_, where, problem));
  }

 private:
  Reader(const Json& node, const Reader& parent, std::string_view key, std::size_t index)
      : node_(node), file_(parent.file_), form_(parent.form_), parent_(&parent), key_(key), index_(index) {}

  Reader member(std::string_view key) const {
    const auto found = node_.find(key);
    if (found == node_.end()) fail(fmt::format("\"{}\" is missing", key));
    return {*found, *this, key, 0};
  }

  std::string path() const {
    if (parent_ == nullptr) return std::string(key_);
    const std::string before = parent_->path();
    if (key_.empty()) return fmt::format("{}[{}]", before, index_);
    return before.empty() ? printable(key_) : fmt::format("{}.{}", before, printable(key_));
  }

  void require(bool holds, std::string_view expected) const {
    if (!holds) fail(fmt::format("expected {}, found {}", expected, found()));
  }
  std::string found() const {
    if (node_.is_number()) return fmt::format("the number {}", node_.dump());
    if (node_.is_null()) return "null";
    return fmt::format("a{} {}", node_.is_array() || node_.is_object() ? "n" : "", node_.type_name());
  }

  void get(bool& value) const {
    require(node_.is_boolean(), "true or false");
    value = node_.get<bool>();
  }
  template <std::integral T>
  void get(T& value) const {
    if constexpr (std::is_signed_v<T>) {
      require(node_.is_number_integer() && !is_over_int64(), "an integer");
      const auto wide = node_.get<std::int64_t>();
      require(std::in_range<T>(wide), "a smaller number");
      value = static_cast<T>(wide);
    } else {
      require(node_.is_number_unsigned(), "an integer that isn't negative");
      const auto wide = node_.get<std::uint64_t>();
      require(std::in_range<T>(wide), "a smaller number");
      value = static_cast<T>(wide);
    }
  }
  bool is_over_int64() const {
    return node_.is_number_unsigned() && !std::in_range<std::int64_t>(node_.get<std::uint64_t>());
  }
  void get(double& value) const {
    require(node_.is_number() || node_.is_null(), "a number");
    value = node_.is_null() ? std::numeric_limits<double>::quiet_NaN() : node_.get<double>();
    if (std::abs(value) > kLargestNumber) fail(fmt::format("{} is more than any figure can be", node_.dump()));
  }
  void get(std::string& value) const {
    require(node_.is_string(), "a string");
    value = node_.get_ref<const std::string&>();
  }
  template <class T>
    requires kIsNamed<T>
  void get(T& named) const {
    std::string text;
    get(text);
    named = T(std::move(text));
  }
  void get(Status& value) const {
    std::string name;
    get(name);
    const std::optional<Status> status = parse_status(name);
    if (!status) fail("expected ok, skipped, invalid, crashed or timed_out");
    value = *status;
  }
  void get(Interval& value) const {
    std::array<double, 2> ends{};
    get(ends);
    value = {ends[0], ends[1]};
  }
  template <class T>
  void get(std::optional<T>& value) const {
    value.reset();
    if (!node_.is_null()) get(value.emplace());
  }
  template <class T, std::size_t N>
  void get(std::array<T, N>& values) const {
    require(node_.is_array() && node_.size() == N, fmt::format("an array of {}", N));
    for (std::size_t i = 0; i < N; ++i) Reader(node_[i], *this, {}, i).get(values[i]);
  }
  template <class T>
  void get(std::vector<T>& values) const {
    require(node_.is_array(), "an array");
    if (node_.size() > kMostElements) fail(fmt::format("more than {} elements", kMostElements));
    values.clear();
    values.reserve(node_.size());
    for (std::size_t i = 0; i < node_.size(); ++i) Reader(node_[i], *this, {}, i).get(values.emplace_back());
  }
  template <class T>
  void get(std::vector<std::pair<std::string, T>>& members) const {
    require(node_.is_object(), "an object");
    members.clear();
    for (const auto& [name, node] : node_.items()) {
      Reader(node, *this, name, 0).get(members.emplace_back(name, T{}).second);
    }
  }
  void get(AttributeValue& value) const {
    if (node_.is_null()) {
      value = std::monostate{};
    } else if (node_.is_boolean()) {
      value = node_.get<bool>();
    } else if (node_.is_number_integer() && !is_over_int64()) {
      value = node_.get<std::int64_t>();
    } else if (node_.is_number()) {
      value = node_.get<double>();
    } else if (node_.is_array()) {
      get(value.emplace<std::vector<std::string>>());
    } else {
      get(value.emplace<std::string>());
    }
  }
  // In the summary form a figure without a value is null.
  void get(Figure& figure) const {
    if (form_ == Form::summary && node_.is_null()) return;
    Reader self = *this;
    self.record(figure);
  }
  void get(SparseHistogram& histogram) const {
    histogram = {};
    if (node_.is_null()) return;
    require(node_.is_object(), "an object or null");
    if (form_ == Form::summary && node_.contains("count")) {
      get(histogram.reduced);
      return;
    }
    member("values_ns").get(histogram.values_ns);
    member("counts").get(histogram.counts);
    if (histogram.values_ns.size() != histogram.counts.size()) fail("as many counts as values are needed");
    std::uint64_t left = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
      if (i > 0 && histogram.values_ns[i] <= histogram.values_ns[i - 1]) fail("values_ns don't ascend");
      if (histogram.counts[i] > left) fail("counts add up to too much");
      left -= histogram.counts[i];
    }
  }
  // Skips the null that CaseTap leaves for a case.
  void get(CaseRecord& value) const {
    if (node_.is_null()) return;
    Reader self = *this;
    self.record(value);
  }
  template <class T>
    requires requires(Reader& a, T& value) { fields(a, value); }
  void get(T& value) const {
    Reader self = *this;
    self.record(value);
  }

  const Json& node_;
  const std::string& file_;
  Form form_;
  const Reader* parent_ = nullptr;
  std::string_view key_;  // in the parent; empty for an element of an array; the prefix for the root
  std::size_t index_ = 0;
};

// Throws ResultError unless `document` says that it is of this schema and of a version that this program reads.
inline void check_schema(const Json& document, std::string_view schema, const Reader& reader) {
  if (!document.is_object()) reader.fail(fmt::format("not an {}", schema));
  const auto found = document.find("schema");
  if (found == document.end() || !found->is_string() || found->get_ref<const std::string&>() != schema) {
    reader.fail(fmt::format("schema: not an {}", schema));
  }
  const auto version = document.find("version");
  if (version == document.end() || !version->is_number_integer()) reader.fail("version: expected an integer");
  if (*version != kSchemaVersion) {
    reader.fail(fmt::format("version: {} can't be read, this program reads {}", version->dump(), kSchemaVersion));
  }
}

// Drops labels and figures that the data of files from earlier versions don't support, so that they are shown as
// absent.
template <class T>
T read_record(std::string_view text, const std::string& file, std::string_view schema = {}) {
  const Json document = parse(text, file);
  Reader reader(document, file, Form::full);
  if (!schema.empty()) check_schema(document, schema, reader);
  T record;
  reader.record(record);
  return record;
}

}  // namespace ipcbench::json
