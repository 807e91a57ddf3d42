#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ipcbench {

inline constexpr std::size_t kLongestWord = 512;  // bytes of an id or of another word that others look up

// Returns a JSON string with its quotes. Bytes that aren't UTF-8 become U+FFFD.
std::string json_quoted(std::string_view text);

}  // namespace ipcbench
