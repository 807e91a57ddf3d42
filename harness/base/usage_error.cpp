#include "harness/base/usage_error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>

namespace ipcbench {
namespace {

// Returns the optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours cost 1
// each.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, substituted});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
    }
    before_last.swap(last);
    last.swap(current);
  }
  return last[b.size()];
}

struct Unit {
  std::string_view name;
  unsigned shift;
};
constexpr std::array kUnits = {Unit{"GiB", 30}, Unit{"MiB", 20}, Unit{"KiB", 10}, Unit{"B", 0}};

std::optional<unsigned> unit_shift(std::string_view suffix) {
  while (!suffix.empty() && suffix.front() == ' ') suffix.remove_prefix(1);
  if (suffix.empty()) return 0;
  for (const Unit& unit : kUnits) {
    if (suffix == unit.name || suffix == unit.name.substr(0, 1)) return unit.shift;
  }
  return std::nullopt;
}

}  // namespace

std::string suggestion(std::string_view given, std::span<const std::string> valid) {
  const std::string* nearest = nullptr;
  std::size_t nearest_distance = std::numeric_limits<std::size_t>::max();
  for (const std::string& name : valid) {
    const std::size_t edits = distance(given, name);
    if (edits * 3 <= std::max(given.size(), name.size()) && edits < nearest_distance) {
      nearest = &name;
      nearest_distance = edits;
    }
  }
  if (nearest != nullptr) return fmt::format("; did you mean '{}'?", *nearest);
  if (valid.empty()) return "";
  return fmt::format("; valid: {}", fmt::join(valid, ", "));
}

std::size_t parse_size(std::string_view text, std::string_view what) {
  std::size_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  const std::optional<unsigned> shift = unit_shift({rest, static_cast<std::size_t>(end - rest)});
  if (error == std::errc::result_out_of_range ||
      (error == std::errc{} && shift && value > std::numeric_limits<std::size_t>::max() >> *shift)) {
    throw UsageError(fmt::format("{}: '{}' is too large", what, text));
  }
  if (error != std::errc{} || !shift) {
    throw UsageError(fmt::format(
        "{}: '{}' is not a size; write bytes, or a whole number with KiB, MiB or GiB: 64, 4KiB", what, text));
  }
  return value << *shift;
}

std::size_t parse_count(std::string_view text, std::string_view what) {
  std::int32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end || value < 1) {
    throw UsageError(
        fmt::format("{}: '{}' is not a number from 1 to {}", what, text, std::numeric_limits<std::int32_t>::max()));
  }
  return static_cast<std::size_t>(value);
}

std::uint64_t parse_rate(std::string_view text, std::string_view what) {
  std::string_view number = text;
  if (number.ends_with("/s")) number.remove_suffix(2);
  double scale = 1;
  if (!number.empty()) {
    const char suffix = number.back();
    scale = suffix == 'k' ? 1e3 : suffix == 'M' ? 1e6 : 1;
    if (scale > 1) number.remove_suffix(1);
  }
  double value = 0;
  const char* const end = number.data() + number.size();
  const auto [rest, error] = std::from_chars(number.data(), end, value, std::chars_format::fixed);
  const double rate = std::round(value * scale);
  // Three decimals of a thousand are whole; binary fractions of them are not.
  const bool is_whole = std::abs(value * scale - rate) < 1e-9 * scale && (scale > 1 || value == rate);
  if (error != std::errc{} || rest != end || !is_whole || !(rate >= 1) || rate > static_cast<double>(kLargestRate)) {
    throw UsageError(fmt::format("{}: '{}' is not a rate; write a whole number a second from 1 to {}: 20000, 20k, 1.5M",
                                 what, text, kLargestRate));
  }
  return static_cast<std::uint64_t>(rate);
}

std::string format_size(std::size_t bytes) {
  for (const Unit& unit : kUnits) {
    const std::size_t scale = std::size_t{1} << unit.shift;
    if (bytes >= scale && bytes % scale == 0) return fmt::format("{} {}", bytes / scale, unit.name);
  }
  return fmt::format("{} B", bytes);
}

}  // namespace ipcbench
