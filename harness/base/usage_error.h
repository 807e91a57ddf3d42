#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ipcbench {

// Bad input: the program ends with exit code 2 and this message, which names the file, line, key or flag, the nearest
// valid name, and what to do.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What was stored can't be put beside what it is compared with: another machine class, build or kind of measurement.
// The program ends with exit code 5 and this message.
class NotComparable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// "; did you mean 'pipe'?" for a near miss (Damerau-Levenshtein distance <= 1/3 of the length), else
// "; valid: pipe, fifo, …". Empty if there are no valid names.
std::string suggestion(std::string_view given, std::span<const std::string> valid);

// "64", "4KiB", "1MiB", "2GiB" (also K, M, G): bytes. Throws UsageError that names `what`.
std::size_t parse_size(std::string_view text, std::string_view what);
// "64": a whole number from 1 to 2^31 - 1. Throws UsageError that names `what`.
std::size_t parse_count(std::string_view text, std::string_view what);
// 64 -> "64 B", 4096 -> "4 KiB".
std::string format_size(std::size_t bytes);

}  // namespace ipcbench
