#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace ipcbench {

// A month: no run may be longer.
inline constexpr std::chrono::nanoseconds kLongestDuration = std::chrono::hours(31 * 24);

// Rounds to whole ns. Values over 30 years are clamped, so that sums of a few fit into an integer; NaN is zero.
std::chrono::nanoseconds whole_ns(double ns) noexcept;
constexpr double ns_of(std::chrono::nanoseconds time) noexcept { return static_cast<double>(time.count()); }

// Parses "25ms", "60s", "15min" or "15m", "2h": a whole number and its unit, at most kLongestDuration. Throws
// UsageError that names `what`, a flag or a place in a file.
std::chrono::nanoseconds parse_duration(std::string_view text, std::string_view what);
// Parses the value of an option: "500ns", "20us", "10ms", "1s", "2min", at least 1 ns and at most kLongestDuration.
// Throws UsageError that names `what`.
std::chrono::nanoseconds parse_short_duration(std::string_view text, std::string_view what);
// Formats in the largest unit that divides the time, as parse_short_duration() reads it: "1500us".
std::string exact_duration(std::chrono::nanoseconds duration);
// Formats for people: "25 ms", "8.5 ms", "60 s", "15 min", "2 min 30 s", "3 h 0 min".
std::string format_duration(std::chrono::nanoseconds duration);

}  // namespace ipcbench
