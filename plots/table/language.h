#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "results/model/bilingual.h"

namespace ipcbench {

// Selects the language of the tables that are compared with the articles, which are in Chinese.
enum class Language : std::uint8_t { english, chinese };

inline constexpr std::array<std::string_view, 2> kLanguageNames = {"en", "zh"};  // by Language

inline std::string_view in(Language language, const Bilingual& text) noexcept {
  return language == Language::chinese ? text.chinese : text.english;
}
inline const std::string& in(Language language, const BilingualString& text) noexcept {
  return language == Language::chinese ? text.chinese : text.english;
}

// Formats with the term as the format string.
template <class... Values>
std::string format_in(Language language, const Bilingual& text, const Values&... values) {
  return fmt::format(fmt::runtime(in(language, text)), values...);
}

inline std::optional<Language> parse_language(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kLanguageNames.size(); ++i) {
    if (kLanguageNames[i] == name) return static_cast<Language>(i);
  }
  return std::nullopt;
}

}  // namespace ipcbench
