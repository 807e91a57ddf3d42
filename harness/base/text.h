#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ipcbench {

// Returns `text` without the spaces, tabs and newlines at its ends.
std::string_view trimmed(std::string_view text) noexcept;

// Tells whether `word` is one of the words of `text`, which spaces separate.
bool has_word(std::string_view text, std::string_view word) noexcept;

// Returns the whole number that `text` begins with; none in "max", "unlimited" and "".
std::optional<std::uint64_t> number_at_start(std::string_view text) noexcept;

}  // namespace ipcbench
