#include "harness/suite/duration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <span>

#include <fmt/core.h>

#include "harness/base/usage_error.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

struct TimeUnit {
  std::string_view name;
  std::chrono::nanoseconds length;
};
constexpr std::array kUnitsOfRuns = {TimeUnit{"ms", 1ms}, TimeUnit{"s", 1s}, TimeUnit{"min", 1min}, TimeUnit{"m", 1min},
                                     TimeUnit{"h", 1h}};
// Each divides the next.
constexpr std::array kUnitsOfOptions = {TimeUnit{"ns", 1ns}, TimeUnit{"us", 1us}, TimeUnit{"ms", 1ms},
                                        TimeUnit{"s", 1s}, TimeUnit{"min", 1min}};

// Parses a whole number and its unit; `advice` ends the message for what is no time.
std::chrono::nanoseconds parse_time(std::string_view text, std::string_view what, std::span<const TimeUnit> units,
                                    std::string_view advice) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  std::string_view suffix(rest, static_cast<std::size_t>(end - rest));
  while (!suffix.empty() && suffix.front() == ' ') suffix.remove_prefix(1);
  const auto unit = std::ranges::find(units, suffix, &TimeUnit::name);
  if (error != std::errc{} || unit == units.end() || value < 0)
    throw UsageError(fmt::format("{}: '{}' is not a time; write {}", what, text, advice));
  if (value > kLongestDuration / unit->length)
    throw UsageError(fmt::format("{}: '{}' is too long; the longest is 31 days, 744h", what, text));
  return value * unit->length;
}

}  // namespace

std::chrono::nanoseconds whole_ns(double ns) noexcept {
  constexpr double kMost = 1e18;
  return std::chrono::nanoseconds(std::isnan(ns) ? 0 : std::llround(std::clamp(ns, -kMost, kMost)));
}

std::chrono::nanoseconds parse_duration(std::string_view text, std::string_view what) {
  return parse_time(text, what, kUnitsOfRuns, "a whole number with ms, s, min or h; examples: 25ms, 90s, 5min");
}

std::chrono::nanoseconds parse_short_duration(std::string_view text, std::string_view what) {
  const std::chrono::nanoseconds time =
      parse_time(text, what, kUnitsOfOptions, "a whole number with ns, us, ms, s or min; examples: 500ns, 20us, 1s");
  if (time < 1ns) throw UsageError(fmt::format("{}: at least 1ns", what));
  return time;
}

std::string exact_duration(std::chrono::nanoseconds duration) {
  const auto divides = [&](const TimeUnit& unit) { return duration % unit.length == 0ns; };
  const auto largest = std::ranges::find_if(kUnitsOfOptions.rbegin(), kUnitsOfOptions.rend(), divides);
  return fmt::format("{}{}", duration / largest->length, largest->name);
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
