#include "results/model/json_writer.h"

#include <array>
#include <iterator>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "results/model/json_text.h"
#include "results/model/number_text.h"

namespace ipcbench {

JsonWriter& JsonWriter::key(std::string_view name) {
  begin_element();
  text_ += json_quoted(name);
  text_ += layout_.spaces ? ": " : ":";
  has_key_ = true;
  return *this;
}

void JsonWriter::value(std::string_view text) { put(json_quoted(text)); }

void JsonWriter::value(double number) { put(number_or(number, "null")); }

void JsonWriter::value(const Interval& interval) { value(std::array{interval.low, interval.high}); }

// nlohmann::json prints these, as it did from the start, so that files of different builds have the same bytes. In four
// of 10 000 numbers it prints one digit more than number_or().
void JsonWriter::real(const std::optional<double>& number) { put(number ? nlohmann::json(*number).dump() : "null"); }

void JsonWriter::text_or_null(std::string_view name, std::string_view text) {
  key(name);
  if (text.empty()) {
    value(nullptr);
  } else {
    value(text);
  }
}

void JsonWriter::open(char bracket, bool may_have_lines) {
  begin_value();
  text_ += bracket;
  levels_.push_back({.has_lines = may_have_lines && levels_.size() < layout_.open_levels});
}

void JsonWriter::close(char bracket) {
  const Level level = levels_.back();
  levels_.pop_back();
  if (level.has_lines && !level.is_empty) new_line(layout_.indent * levels_.size());
  text_ += bracket;
}

void JsonWriter::begin_element() {
  Level& level = levels_.back();
  const bool is_first = std::exchange(level.is_empty, false);
  if (!is_first) text_ += ',';
  if (break_) {
    new_line(*std::exchange(break_, std::nullopt));
  } else if (level.has_lines) {
    new_line(layout_.indent * levels_.size());
  } else if (!is_first && layout_.spaces) {
    text_ += ' ';
  }
}

void JsonWriter::begin_value() {
  if (!std::exchange(has_key_, false) && !levels_.empty()) begin_element();
}

void JsonWriter::new_line(std::size_t columns) { text_.append("\n").append(columns, ' '); }

void JsonWriter::put(std::string_view json) {
  begin_value();
  text_ += json;
}

void JsonWriter::put_integer(std::int64_t number) {
  begin_value();
  fmt::format_to(std::back_inserter(text_), "{}", number);
}

void JsonWriter::put_integer(std::uint64_t number) {
  begin_value();
  fmt::format_to(std::back_inserter(text_), "{}", number);
}

void JsonWriter::put_attribute(const AttributeValue& attribute) {
  if (std::holds_alternative<std::monostate>(attribute)) {
    value(nullptr);
  } else if (const double* number = std::get_if<double>(&attribute)) {
    real(*number);
  } else if (const bool* flag = std::get_if<bool>(&attribute)) {
    value(*flag);
  } else if (const std::int64_t* whole = std::get_if<std::int64_t>(&attribute)) {
    value(*whole);
  } else if (const std::string* text = std::get_if<std::string>(&attribute)) {
    value(*text);
  } else {
    value(std::get<std::vector<std::string>>(attribute));
  }
}

}  // namespace ipcbench
