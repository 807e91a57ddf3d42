#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Text from files and from other programs, made safe to print.

namespace ipcbench {

// The code point at the start of `text` and its length in bytes. Overlong forms, surrogates, cut and stray bytes are
// invalid: one byte.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;
};
CodePoint first_code_point(std::string_view text) noexcept;  // of a non-empty text

// Invalid bytes become U+FFFD.
std::string valid_utf8(std::string_view text);

// For terminals and documents: control characters (C0, C1, DEL), bidirectional overrides and invalid bytes become
// visible escapes ("\x1b", "\u202e", "\n").
std::string printable(std::string_view text);

// Columns that the text takes on a terminal: 2 for East Asian wide characters and emoji, 0 for marks that don't advance
// (Unicode's categories Mn and Me), for format characters and for control characters.
std::size_t display_width(std::string_view text) noexcept;

}  // namespace ipcbench
