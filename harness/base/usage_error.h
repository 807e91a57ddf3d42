#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ipcbench {

// UsageError reports bad input. The program ends with exit code 2 and this message, which names the file, line, key or
// flag, the nearest valid name, and what to do.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// NotComparable reports stored results that can't be compared: another machine class, build or kind of measurement. The
// program ends with exit code 5 and this message.
class NotComparable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Returns "; did you mean 'pipe'?" for a near miss, else "; valid: pipe, fifo, …"; "" if there are no valid names. A
// near miss has an optimal string alignment distance of at most 1/3 of the longer name.
std::string suggestion(std::string_view given, std::span<const std::string> valid);

// Parses a size in bytes: "64", "4KiB", "1MiB", "2GiB" (also K, M, G). Throws UsageError that names `what`.
std::size_t parse_size(std::string_view text, std::string_view what);
// Parses a whole number from 1 to 2^31 - 1: "64". Throws UsageError that names `what`.
std::size_t parse_count(std::string_view text, std::string_view what);
// Parses a number a second, a whole one from 1 to kLargestRate: "20000", "20k", "1.5M", each also with "/s". Throws
// UsageError that names `what`.
inline constexpr std::uint64_t kLargestRate = 1'000'000'000;
std::uint64_t parse_rate(std::string_view text, std::string_view what);
// Formats bytes in the largest unit that divides them: 64 -> "64 B", 4096 -> "4 KiB".
std::string format_size(std::size_t bytes);

}  // namespace ipcbench
