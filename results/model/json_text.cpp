#include "results/model/json_text.h"

#include <iterator>

#include <fmt/format.h>

#include "results/model/utf8.h"

namespace ipcbench {

std::string json_quoted(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const bool is_control = point.value < 0x20 || (point.value >= 0x7f && point.value < 0xa0);
    if (!point.valid) {
      result += "\xef\xbf\xbd";
    } else if (point.value == '"' || point.value == '\\') {
      result += '\\';
      result += text[0];
    } else if (point.value == '\n') {
      result += "\\n";
    } else if (is_control) {
      fmt::format_to(std::back_inserter(result), "\\u{:04x}", static_cast<unsigned>(point.value));
    } else {
      result += text.substr(0, point.bytes);
    }
    text.remove_prefix(point.bytes);
  }
  return result + '"';
}

}  // namespace ipcbench
