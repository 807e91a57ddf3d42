#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "results/model/record.h"

// All JSON is written here, with one escaping (json_text.h) and one number format (number_text.h).

namespace ipcbench {

// Says where JSON text has spaces and line breaks.
struct JsonLayout {
  bool spaces = true;                 // after commas and colons
  std::size_t open_levels = 0;        // containers nested less deep than that have a line for each element,
  bool opens_lists_of_values = true;  //   lists of values alone only if this is set
  std::size_t indent = 2;             // columns for each level
};
inline constexpr JsonLayout kOneLineJson{};
inline constexpr JsonLayout kCompactJson{.spaces = false};
inline constexpr JsonLayout kTreeJson{.open_levels = std::numeric_limits<std::size_t>::max()};

template <class T>
concept ListOfValues = std::ranges::input_range<T> && !std::convertible_to<T, std::string_view>;

// Writes JSON text from its beginning to its end. value(), real(), list() and object() write one value each; in an
// object, key() comes before it. A number that isn't finite becomes null, and bytes that aren't UTF-8 become U+FFFD.
class JsonWriter {
 public:
  explicit JsonWriter(JsonLayout layout = kOneLineJson) : layout_(layout) {}

  // Writes the key of the value that is written next.
  JsonWriter& key(std::string_view name);

  void value(std::nullptr_t) { put("null"); }
  void value(std::string_view text);
  void value(double number);
  template <std::integral T>
  void value(T number) {
    if constexpr (std::same_as<T, bool>) {
      put(number ? "true" : "false");
    } else if constexpr (std::signed_integral<T>) {
      put_integer(std::int64_t{number});
    } else {
      put_integer(std::uint64_t{number});
    }
  }
  void value(const Interval& interval);  // [low, high]
  template <class T>
    requires kIsNamed<T>
  void value(const T& named) {
    value(named.name());
  }
  template <std::same_as<AttributeValue> T>
  void value(const T& attribute) {
    put_attribute(attribute);
  }
  template <class T>
  void value(const std::optional<T>& held) {
    if (held) {
      value(*held);
    } else {
      value(nullptr);
    }
  }
  template <ListOfValues T>
  void value(const T& values) {
    open('[', layout_.opens_lists_of_values);
    for (const auto& one : values) value(one);
    close(']');
  }
  // Writes a number that readers take for a double even where it is whole: 12 as "12.0". No number is null.
  void real(const std::optional<double>& number);

  template <class T>
  void member(std::string_view name, const T& held) {
    key(name).value(held);
  }
  // Writes a member that is null where `text` is empty.
  void text_or_null(std::string_view name, std::string_view text);

  // Writes an object; write_members() writes its members.
  template <std::invocable F>
  void object(const F& write_members) {
    open('{', true);
    write_members();
    close('}');
  }
  // Writes a list; write_elements() writes its elements.
  template <std::invocable F>
  void list(const F& write_elements) {
    open('[', true);
    write_elements();
    close(']');
  }
  // Writes a list with an element for each of `items`, by write(item) or write(*this, item).
  template <std::ranges::input_range T, class F>
  void list(const T& items, const F& write) {
    list([&] {
      for (const auto& item : items) {
        if constexpr (std::invocable<const F&, decltype(item)>) {
          write(item);
        } else {
          write(*this, item);
        }
      }
    });
  }

  // Puts the next member or element on a line of its own, behind `columns` spaces, whatever the layout says.
  void break_line(std::size_t columns) { break_ = columns; }

  // Returns the text; every list and object is closed by then.
  std::string take() { return std::move(text_); }

 private:
  struct Level {
    bool has_lines;
    bool is_empty = true;
  };

  void open(char bracket, bool may_have_lines);
  void close(char bracket);
  void begin_element();
  void begin_value();
  void new_line(std::size_t columns);
  void put(std::string_view json);
  void put_integer(std::int64_t number);
  void put_integer(std::uint64_t number);
  void put_attribute(const AttributeValue& attribute);

  JsonLayout layout_;
  std::string text_;
  std::vector<Level> levels_;         // the containers around what comes next
  bool has_key_ = false;              // of the value that comes next
  std::optional<std::size_t> break_;  // before what comes next
};

}  // namespace ipcbench
