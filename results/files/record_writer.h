#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "results/figures/significant_digits.h"
#include "results/files/json_fields.h"
#include "results/model/json_writer.h"
#include "results/model/record.h"

namespace ipcbench::json {

template <class T>
concept Scalar = std::is_arithmetic_v<T> || std::same_as<T, std::string> || kIsNamed<T>;

// Writes records as JSON text: an archive of json_fields.h. A container that is nested less deep than `open_levels` has
// a line for each element, unless all elements are values.
class RecordWriter {
 public:
  RecordWriter(std::size_t open_levels, Form form)
      : json_({.open_levels = open_levels, .opens_lists_of_values = false}), form_(form) {}

  template <class T>
  void operator()(std::string_view key, const T& value) {
    json_.key(key);
    put(value);
  }
  template <class F>
  void object(std::string_view key, const F& content) {
    json_.key(key).object([&] { content(*this); });
  }
  template <Scalar T>
  void word(std::string_view key, const T& word) {
    json_.member(key, word);
  }
  void text_or_null(std::string_view key, const std::string& text) { json_.text_or_null(key, text); }
  template <class T>
  void added(std::string_view key, const T& value) {
    (*this)(key, value);
  }
  template <class F>
  void added_object(std::string_view key, bool is_there, const F& content) {
    if (is_there) object(key, content);
  }
  template <class T>
  void if_any(std::string_view key, const std::optional<T>& value) {
    if (value) (*this)(key, *value);
  }
  void reason(const std::string& text) {
    if (!text.empty()) json_.member("reason", text);
  }
  template <class T>
  void optional(std::string_view key, const T& value) {
    (*this)(key, value);
  }
  template <class T>
  void unless_empty(std::string_view key, const T& value) {
    if (!value.empty()) (*this)(key, value);
  }
  Form form() const { return form_; }

  // Writes the outermost object; write_members() writes its members.
  template <std::invocable F>
  void document(const F& write_members) {
    json_.object(write_members);
  }
  template <class T>
  void document(const T& record, std::string_view schema) {
    document([&] {
      if (!schema.empty()) {
        json_.member("schema", schema);
        json_.member("version", kSchemaVersion);
      }
      fields(*this, record);
    });
  }
  std::string take() { return json_.take(); }

 private:
  static Figure rounded(Figure figure) {
    figure.median = to_digits(*figure.median, kDigitsOfFigures);
    if (figure.ci95) {
      const auto& [low, high] = *figure.ci95;
      figure.ci95 = Interval{to_digits(low, kDigitsOfFigures), to_digits(high, kDigitsOfFigures)};
    }
    return figure;
  }
  template <Scalar T>
  void put(const T& value) {
    json_.value(value);
  }
  void put(Status value) { json_.value(to_string(value)); }
  void put(const Interval& value) { json_.value(value); }
  void put(const AttributeValue& value) { json_.value(value); }
  template <class T>
  void put(const std::optional<T>& value) {
    if (value) {
      put(*value);
    } else {
      json_.value(nullptr);
    }
  }
  template <Scalar T, std::size_t N>
  void put(const std::array<T, N>& values) {
    json_.value(values);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    if constexpr (Scalar<T>) {
      json_.value(values);
    } else {
      json_.list(values, [this](const T& value) { put(value); });
    }
  }
  template <class T>
  void put(const std::vector<std::pair<std::string, T>>& members) {
    json_.object([&] {
      for (const auto& [name, value] : members) (*this)(name, value);
    });
  }
  void put(const Figure& figure) {
    if (form_ == Form::summary && !figure.median) {
      json_.value(nullptr);
    } else {
      const Figure shown = form_ == Form::summary ? rounded(figure) : figure;
      json_.object([&] { fields(*this, shown); });
    }
  }
  void put(const SparseHistogram& histogram) {
    if (histogram.reduced) {
      json_.object([&] { fields(*this, *histogram.reduced); });
      return;
    }
    if (histogram.values_ns.empty()) {
      json_.value(nullptr);
      return;
    }
    json_.object([&] {
      json_.member("values_ns", histogram.values_ns);
      json_.member("counts", histogram.counts);
    });
  }
  template <class T>
    requires(std::is_class_v<T> && !Scalar<T>)
  void put(const T& record) {
    json_.object([&] { fields(*this, record); });
  }

  JsonWriter json_;
  Form form_;
};

}  // namespace ipcbench::json
