#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace ipcbench {

// Returns the value that to_string() names so, none if no value of `all` has that name.
template <class E, std::size_t N>
std::optional<E> parse_name(std::string_view name, const std::array<E, N>& all) noexcept {
  for (const E value : all) {
    if (to_string(value) == name) return value;
  }
  return std::nullopt;
}

}  // namespace ipcbench
