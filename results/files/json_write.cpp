#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "results/files/json.h"
#include "results/files/json_fields.h"
#include "results/files/json_pair_fields.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace json {
namespace {

template <class T>
concept Scalar = std::is_arithmetic_v<T> || std::same_as<T, std::string> || std::same_as<T, Status>;

// Writes JSON. Containers down to `open_depth` have a line per element; deeper ones are on one line.
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
      (*this)("version", kResultVersion);
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
      // Keeps it a double when read.
      if (std::isfinite(*number) && text.find_first_of(".e") == std::string::npos) text += ".0";
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

}  // namespace
}  // namespace json

std::string to_json(const Result& result) {
  constexpr int kLaunchDepth = 4;  // document, cases, case, launches: a launch is one line
  json::Writer writer(kLaunchDepth, false);
  writer.document(result, kResultSchema);
  return writer.take() + '\n';
}

std::string to_json_line(const LaunchRecord& launch) {
  json::Writer writer(0, false);
  writer.open('{', false);
  writer("case", launch.case_id);
  json::fields(writer, launch);
  writer.close('}');
  return writer.take();
}

std::string to_json_line(const std::string& case_id, const ChannelRecord& channel) {
  json::Writer writer(0, false);
  writer.open('{', false);
  writer("case", case_id);
  writer("channel", channel);
  writer.close('}');
  return writer.take();
}

// Searches for the key. Quotes within a string are escaped, so the text can't occur in a value.
bool is_channel_line(std::string_view line) noexcept { return line.find("\"channel\":") != std::string_view::npos; }

std::string journal_header(const Result& result) {
  json::Writer writer(0, true);
  writer.document(result, kJournalSchema);
  return writer.take();
}

std::string to_json_line(const PairHeader& header) {
  json::Writer writer(0, false);
  writer.document(header, kPairsSchema);
  return writer.take();
}

std::string to_json_line(const SamplePair& pair) {
  json::Writer writer(0, false);
  writer.document(pair, "");
  return writer.take();
}

std::string to_json(const NoiseModel& model) {
  constexpr int kFigureDepth = 2;  // document, figures: a figure is one line
  json::Writer writer(kFigureDepth, false);
  writer.document(model, kNoiseSchema);
  return writer.take() + '\n';
}

std::string json_quoted(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const bool is_control = point.value < 0x20 || (point.value >= 0x7f && point.value < 0xa0);
    if (!point.valid) {
      result += "\xef\xbf\xbd";
    } else if (point.value == '"' || point.value == '\\') {
      result += '\\';
      result += text[0];
    } else if (point.value == '\n') {
      result += "\\n";
    } else if (is_control) {
      fmt::format_to(std::back_inserter(result), "\\u{:04x}", static_cast<unsigned>(point.value));
    } else {
      result += text.substr(0, point.bytes);
    }
    text.remove_prefix(point.bytes);
  }
  return result + '"';
}

std::string json_number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

}  // namespace ipcbench
