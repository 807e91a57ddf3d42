#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "results/model/bilingual.h"

// Text for HTML. What comes from a result file is nobody's word: it may hold markup, control characters, or megabytes.

namespace ipcbench {

// Longer names and sentences are cut: a reader sees the beginning, and how much there is.
inline constexpr std::size_t kLongestText = 2000;  // bytes

// Printable, cut to kLongestText at a character's end ("… (10485760 bytes)"). Not escaped.
std::string shortened(std::string_view text);

// For an element's content or a quoted attribute: & < > " ' are escaped. Not cut.
std::string html_escaped(std::string_view text);
// The same of what may come from a file: cut as by shortened().
std::string html_cut(std::string_view text);

// A text in both languages, of which the page's style shows one: two <span lang> where they differ, else the text.
std::string html_bilingual(std::string_view english, std::string_view chinese);

std::string html_bilingual(const Term& term);
// The same where a text may come from a file: cut as by shortened().
std::string html_bilingual_cut(std::string_view english, std::string_view chinese);
// A <ul> of such texts, as many in both languages.
std::string html_bilingual_list(std::span<const std::string> english, std::span<const std::string> chinese,
                                std::string_view css);

// JSON that can stand inside <script type="application/json">: < > & U+2028 U+2029 become \u escapes, which only
// strings can hold.
std::string json_for_html(std::string_view json);

}  // namespace ipcbench
