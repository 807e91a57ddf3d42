#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "results/model/record.h"

// A transport's capabilities as a result holds them. What it doesn't hold, or not of that type, is none: results of
// earlier builds lack the younger ones.

namespace ipcbench {

std::optional<bool> capability_flag(const TransportRecord& transport, std::string_view name) noexcept;
std::optional<std::int64_t> capability_number(const TransportRecord& transport, std::string_view name) noexcept;
std::string_view capability_text(const TransportRecord& transport, std::string_view name) noexcept;  // "": none

const TransportRecord* transport_named(const Result& result, std::string_view name) noexcept;

}  // namespace ipcbench
