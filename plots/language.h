#pragma once

#include <cstdint>

namespace ipcbench {

// Of the texts in tables and reports. Chinese uses the terms of the sources.
enum class Language : std::uint8_t { english, chinese };

}  // namespace ipcbench
