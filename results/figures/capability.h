#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "results/model/record.h"

// Reads a transport's capabilities from a result. A missing key, or one of another type, is none: results of earlier
// builds lack later keys.

namespace ipcbench {

std::optional<bool> capability_flag(const TransportRecord& transport, std::string_view name) noexcept;
std::optional<std::int64_t> capability_number(const TransportRecord& transport, std::string_view name) noexcept;
std::string_view capability_text(const TransportRecord& transport, std::string_view name) noexcept;  // "": none

const TransportRecord* find_transport_record(const Result& result, std::string_view name) noexcept;

}  // namespace ipcbench
