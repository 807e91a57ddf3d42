#include "harness/suite/duration.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include <fmt/core.h>

#include "harness/base/usage_error.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

std::optional<std::chrono::nanoseconds> parse_unit(std::string_view name) {
  if (name == "ms") return 1ms;
  if (name == "s") return 1s;
  if (name == "min" || name == "m") return 1min;
  if (name == "h") return 1h;
  return std::nullopt;
}

}  // namespace

std::chrono::nanoseconds whole_ns(double ns) noexcept {
  constexpr double kMost = 1e18;
  return std::chrono::nanoseconds(std::isnan(ns) ? 0 : std::llround(std::clamp(ns, -kMost, kMost)));
}

std::chrono::nanoseconds parse_duration(std::string_view text, std::string_view what) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  std::string_view suffix(rest, static_cast<std::size_t>(end - rest));
  while (!suffix.empty() && suffix.front() == ' ') suffix.remove_prefix(1);
  const auto unit = parse_unit(suffix);
  if (error != std::errc{} || !unit || value < 0) {
    throw UsageError(fmt::format(
        "{}: '{}' is not a time; write a whole number with ms, s, min or h; examples: 25ms, 90s, 5min", what, text));
  }
  if (value > kLongestDuration / *unit)
    throw UsageError(fmt::format("{}: '{}' is too long; the longest is 31 days, 744h", what, text));
  return value * *unit;
}

std::string format_duration(std::chrono::nanoseconds duration) {
  const auto count = static_cast<double>(duration.count());
  // A value that rounds to 1000 of a unit is shown as 1 of the next.
  if (duration < 999'500ns) return fmt::format("{:.3g} us", count / 1e3);
  if (duration < 999'500us) return fmt::format("{:.3g} ms", count / 1e6);
  if (duration < 10s) return fmt::format("{:.2g} s", count / 1e9);
  const auto seconds = std::chrono::round<std::chrono::seconds>(duration);
  if (seconds < 120s) return fmt::format("{} s", seconds.count());
  const auto minutes = std::chrono::floor<std::chrono::minutes>(seconds);
  const auto rest = seconds - minutes;
  if (minutes < 120min) {
    return rest == 0s ? fmt::format("{} min", minutes.count())
                      : fmt::format("{} min {} s", minutes.count(), rest.count());
  }
  const auto hours = std::chrono::floor<std::chrono::hours>(minutes);
  return fmt::format("{} h {} min", hours.count(), (minutes - hours).count());
}

}  // namespace ipcbench
