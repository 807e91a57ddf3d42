#pragma once

#include <string>

namespace ipcbench {

// Texts from outside are printed in tables and stored in results. Both functions throw std::runtime_error that names
// `member` and what is wrong with it.

// Returns a text that may be printed anywhere: one line of printable ASCII or UTF-8, at most 120 bytes. `text` may be
// null, which is refused like an empty one.
std::string line_from(const char* text, const std::string& member);
// Returns a name that may stand in a case id: lower case, digits and '-', at most 32 bytes.
std::string name_from(const char* text, const std::string& member);

}  // namespace ipcbench
