#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <utility>

#include "plots/table/table.h"
#include "results/model/record.h"

// Makes cells from values of the record.

namespace ipcbench {

inline Cell cell(std::string text) { return {.value = std::move(text)}; }
template <class T>
  requires kIsNamed<T>
Cell cell(const T& named) {
  return cell(std::string(named.name()));
}
inline Cell cell(std::optional<double> value) {
  Cell result;
  if (value) result.value = *value;
  return result;
}
template <std::integral T>
Cell cell(T value) {
  return {.value = static_cast<double>(value)};
}
template <std::integral T>
Cell cell(std::optional<T> value) {
  return value ? cell(*value) : Cell{};
}
inline Cell cell(const Figure& figure) {
  Cell result = cell(figure.median);
  if (figure.median) result.interval = figure.ci95;
  return result;
}
// Makes a cell without the interval, for tables with too many columns.
inline Cell plain_cell(const Figure& figure) { return cell(figure.median); }

}  // namespace ipcbench
