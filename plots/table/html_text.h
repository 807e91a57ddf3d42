#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "results/model/bilingual.h"

// Makes text safe for HTML. A result file is untrusted: it may hold markup, control characters, or megabytes.

namespace ipcbench {

// The limit for names and sentences. A longer text is cut, and its length is shown.
inline constexpr std::size_t kLongestText = 2000;  // bytes

// Makes text printable and cuts it to kLongestText at a character's end ("… (10485760 bytes)"). It doesn't escape.
std::string shortened(std::string_view text);

// Escapes & < > " ' for an element's content or a quoted attribute. It doesn't cut.
std::string html_escaped(std::string_view text);
// The same of what may come from a file: cut as by shortened().
std::string html_cut(std::string_view text);

// Returns a text in both languages, of which the page's style shows one: two <span lang>, or the text alone if both are
// equal.
std::string html_bilingual(std::string_view english, std::string_view chinese);

std::string html_bilingual(const Bilingual& text);
// As html_bilingual(), but cut by shortened(), for texts that may come from a file.
std::string html_bilingual_cut(std::string_view english, std::string_view chinese);
// Returns a <ul> of such texts; both languages must have the same number.
std::string html_bilingual_list(std::span<const std::string> english, std::span<const std::string> chinese,
                                std::string_view css);

// Escapes JSON for <script type="application/json">: < > & U+2028 U+2029, which occur in strings only, become \u
// escapes.
std::string json_for_html(std::string_view json);

}  // namespace ipcbench
