#include "plots/table/html_text.h"

#include <fmt/core.h>

#include "results/model/utf8.h"

namespace ipcbench {

std::string shortened(std::string_view text) {
  if (text.size() <= kLongestText) return printable(text);
  std::size_t end = 0;
  while (end < kLongestText) end += first_code_point(text.substr(end)).bytes;
  return fmt::format("{}… ({} bytes)", printable(text.substr(0, end)), text.size());
}

std::string html_escaped(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string html_cut(std::string_view text) { return html_escaped(shortened(text)); }

std::string html_bilingual(std::string_view english, std::string_view chinese) {
  if (english == chinese) return html_escaped(english);
  return fmt::format("<span lang=\"en\">{}</span><span lang=\"zh-CN\">{}</span>", html_escaped(english),
                     html_escaped(chinese));
}

std::string html_bilingual(const Bilingual& text) { return html_bilingual(text.english, text.chinese); }

std::string html_bilingual_cut(std::string_view english, std::string_view chinese) {
  return english == chinese ? html_cut(english) : html_bilingual(shortened(english), shortened(chinese));
}

std::string html_bilingual_list(std::span<const std::string> english, std::span<const std::string> chinese,
                                std::string_view css) {
  std::string html = fmt::format("<ul class=\"{}\">", css);
  for (std::size_t i = 0; i < english.size(); ++i)
    html += fmt::format("<li>{}</li>\n", html_bilingual_cut(english[i], chinese[i]));
  return html + "</ul>\n";
}

std::string json_for_html(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '<') {
      safe += "\\u003c";
    } else if (c == '>') {
      safe += "\\u003e";
    } else if (c == '&') {
      safe += "\\u0026";
    } else if (json.substr(i, 3) == "\u2028" || json.substr(i, 3) == "\u2029") {
      safe += json[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace ipcbench
