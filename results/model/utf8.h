#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Makes text from files and other programs safe to print.

namespace ipcbench {

// Describes the code point at the start of `text` and its length in bytes. Overlong forms, surrogates, truncated and
// stray bytes are invalid and one byte long.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;
};
CodePoint first_code_point(std::string_view text) noexcept;  // `text` must not be empty

// Replaces invalid bytes by U+FFFD.
std::string valid_utf8(std::string_view text);

// Escapes text for terminals and documents: control characters (C0, C1, DEL), bidirectional overrides and invalid bytes
// become visible ("\x1b", "\u202e", "\n").
std::string printable(std::string_view text);

// Returns the columns that text takes on a terminal: 2 for East Asian wide characters and emoji, 0 for combining marks
// and control characters.
std::size_t display_width(std::string_view text) noexcept;

}  // namespace ipcbench
