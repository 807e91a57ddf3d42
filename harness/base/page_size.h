#pragma once

#include <unistd.h>

#include <cstddef>

namespace ipcbench {

// Returns the page size in bytes: 4096 on x86-64, up to 65536 on 64-bit Arm, as its kernel was built.
inline std::size_t page_size() noexcept { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

}  // namespace ipcbench
