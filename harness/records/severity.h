#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ipcbench {

// Says what a finding about a host means for its numbers.
enum class Severity : std::uint8_t {
  wrong,  // they don't mean what they say
  noisy,  // they scatter more than necessary
  note,   // good to know
  fine,
};

std::string_view to_string(Severity severity) noexcept;  // "wrong"
std::optional<Severity> parse_severity(std::string_view name) noexcept;

}  // namespace ipcbench
