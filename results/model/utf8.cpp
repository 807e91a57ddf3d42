#include "results/model/utf8.h"

#include <utf8proc.h>

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace ipcbench {
namespace {

// What has Unicode's property Bidi_Control.
bool is_bidirectional(char32_t value) noexcept {
  return value == 0x061c || value == 0x200e || value == 0x200f || (value >= 0x202a && value <= 0x202e) ||
         (value >= 0x2066 && value <= 0x2069);
}
bool is_control(char32_t value) noexcept { return value < 0x20 || (value >= 0x7f && value < 0xa0); }
bool breaks_lines(char32_t value) noexcept { return value == 0x2028 || value == 0x2029 || value == 0xfeff; }

std::size_t columns_of(char32_t value) noexcept {
  const auto point = static_cast<utf8proc_int32_t>(value);
  const auto columns = static_cast<std::size_t>(utf8proc_charwidth(point));
  // The library counts no mark; Unicode's spacing marks (Mc) advance.
  return utf8proc_category(point) == UTF8PROC_CATEGORY_MC ? std::max<std::size_t>(columns, 1) : columns;
}

}  // namespace

CodePoint first_code_point(std::string_view text) noexcept {
  utf8proc_int32_t value = 0;
  const utf8proc_ssize_t bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                  static_cast<utf8proc_ssize_t>(text.size()), &value);
  if (bytes <= 0) return {};
  return {static_cast<char32_t>(value), static_cast<std::size_t>(bytes), true};
}

std::string valid_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    result += point.valid ? text.substr(0, point.bytes) : std::string_view("\xef\xbf\xbd");
    text.remove_prefix(point.bytes);
  }
  return result;
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (!point.valid) {
      fmt::format_to(std::back_inserter(result), "\\x{:02x}", static_cast<unsigned char>(text[0]));
    } else if (point.value == '\n') {
      result += "\\n";
    } else if (point.value == '\t') {
      result += "\\t";
    } else if (is_control(point.value)) {
      fmt::format_to(std::back_inserter(result), "\\x{:02x}", static_cast<unsigned>(point.value));
    } else if (is_bidirectional(point.value) || breaks_lines(point.value)) {
      fmt::format_to(std::back_inserter(result), "\\u{:04x}", static_cast<unsigned>(point.value));
    } else {
      result += text.substr(0, point.bytes);
    }
    text.remove_prefix(point.bytes);
  }
  return result;
}

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    width += point.valid ? columns_of(point.value) : 1;
    text.remove_prefix(point.bytes);
  }
  return width;
}

}  // namespace ipcbench
