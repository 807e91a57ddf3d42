#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace ipcbench {

// Throws std::runtime_error with the formatted text, which names the member and what is wrong with it.
template <class... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) {
  throw std::runtime_error(fmt::format(format, std::forward<Args>(args)...));
}

// Texts from outside are printed in tables and stored in results. Both functions refuse what `member` may not be.

// Returns a text that may be printed anywhere: one line of printable ASCII or UTF-8, at most 120 bytes. `text` may be
// null, which is refused like an empty one.
std::string line_from(const char* text, const std::string& member);
// Returns a name that may stand in a case id: lower case, digits and '-', at most 32 bytes.
std::string name_from(const char* text, const std::string& member);

}  // namespace ipcbench
