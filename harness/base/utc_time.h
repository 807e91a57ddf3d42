#pragma once

#include <optional>
#include <string_view>

namespace ipcbench {

// Returns the seconds since 1970 of an ISO 8601 time in UTC, "2026-11-21T18:04:54Z" or with a fraction
// "2026-11-21T18:04:54.123Z"; nullopt for any other text.
std::optional<double> seconds_of_utc(std::string_view time);

}  // namespace ipcbench
