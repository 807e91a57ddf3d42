#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "results/files/json_fields.h"
#include "results/model/json_text.h"
#include "results/model/record.h"

namespace ipcbench::json {

template <class T>
concept Scalar = std::is_arithmetic_v<T> || std::same_as<T, std::string> || std::same_as<T, Status>;

// Writes a record as JSON text: an archive of json_fields.h. Containers down to `open_depth` have a line for each
// element, those below share one.
class Writer {
 public:
  Writer(int open_depth, bool outline) : open_depth_(open_depth), outline_(outline) {}

  template <class T>
  void operator()(std::string_view key, const T& value) {
    this->key(key);
    put(value);
  }
  template <class F>
  void object(std::string_view key, const F& content) {
    this->key(key);
    open('{', true);
    content(*this);
    close('}');
  }
  void word(std::string_view key, const std::string& text) { (*this)(key, text); }
  void text_or_null(std::string_view key, const std::string& text) {
    this->key(key);
    if (text.empty()) {
      text_ += "null";
    } else {
      put(text);
    }
  }
  template <class T>
  void added(std::string_view key, const T& value) {
    (*this)(key, value);
  }
  void reason(const std::string& text) {
    if (!text.empty()) (*this)("reason", text);
  }
  template <class T>
  void optional(std::string_view key, const T& value) {
    (*this)(key, value);
  }
  bool outline() const { return outline_; }

  void open(char bracket, bool lines) {
    text_ += bracket;
    levels_.push_back({lines && static_cast<int>(levels_.size()) < open_depth_, true});
  }
  void close(char bracket) {
    const Level level = levels_.back();
    levels_.pop_back();
    if (level.lines && !level.first) new_line();
    text_ += bracket;
  }

  template <class T>
  void document(const T& value, std::string_view schema) {
    open('{', true);
    if (!schema.empty()) {
      (*this)("schema", std::string(schema));
      (*this)("version", kSchemaVersion);
    }
    fields(*this, value);
    close('}');
  }
  std::string take() { return std::move(text_); }

 private:
  struct Level {
    bool lines;
    bool first;
  };

  void separate() {
    Level& level = levels_.back();
    if (!std::exchange(level.first, false)) text_ += level.lines ? "," : ", ";
    if (level.lines) new_line();
  }
  void new_line() { text_.append("\n").append(2 * levels_.size(), ' '); }
  void key(std::string_view name) {
    separate();
    text_ += json_quoted(name);
    text_ += ": ";
  }

  void put(bool value) { text_ += value ? "true" : "false"; }
  template <std::integral T>
  void put(T value) {
    fmt::format_to(std::back_inserter(text_), "{}", value);
  }
  void put(double value) { text_ += json_number(value); }
  void put(const std::string& value) { text_ += json_quoted(value); }
  void put(Status value) { text_ += json_quoted(name_of(value)); }
  void put(const Interval& value) { put(std::array{value.low, value.high}); }
  template <class T>
  void put(const std::optional<T>& value) {
    if (value) {
      put(*value);
    } else {
      text_ += "null";
    }
  }
  template <class T, std::size_t N>
  void put(const std::array<T, N>& values) {
    sequence(values, false);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    sequence(values, !Scalar<T>);
  }
  template <class T>
  void put(const std::vector<std::pair<std::string, T>>& members) {
    open('{', true);
    for (const auto& [name, value] : members) (*this)(name, value);
    close('}');
  }
  void put(const AttributeValue& value) {
    if (const double* number = std::get_if<double>(&value)) {
      std::string text = json_number(*number);
      if (std::isfinite(*number) && text.find_first_of(".e") == std::string::npos) text += ".0";  // stays a double
      text_ += text;
    } else if (std::holds_alternative<std::monostate>(value)) {
      text_ += "null";
    } else {
      std::visit([this](const auto& held) { put_held(held); }, value);
    }
  }
  template <class T>
  void put_held(const T& held) {
    if constexpr (!std::same_as<T, std::monostate>) put(held);
  }
  void put(const SparseHistogram& histogram) {
    if (histogram.values_ns.empty()) {
      text_ += "null";
      return;
    }
    open('{', false);
    (*this)("values_ns", histogram.values_ns);
    (*this)("counts", histogram.counts);
    close('}');
  }
  template <class T>
  requires std::is_class_v<T>
  void put(const T& record) {
    open('{', true);
    fields(*this, record);
    close('}');
  }
  template <class Range>
  void sequence(const Range& values, bool lines) {
    open('[', lines);
    for (const auto& value : values) {
      separate();
      put(value);
    }
    close(']');
  }

  int open_depth_;
  bool outline_;
  std::string text_;
  std::vector<Level> levels_;
};

}  // namespace ipcbench::json
