#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ipcbench {

// Wraps text into lines of at most `width` terminal columns; it returns at least one. Lines break at spaces and
// newlines and, by Chinese rules, after a wide character that no closing mark follows. A longer word has its own line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

}  // namespace ipcbench
