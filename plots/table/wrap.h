#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ipcbench {

// The text in lines of at most `width` columns of a terminal. It is broken at spaces and newlines and, as Chinese is
// set, after a wide character unless a closing mark follows; a longer word has a line of its own. At least one line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

}  // namespace ipcbench
