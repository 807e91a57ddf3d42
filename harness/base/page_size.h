#pragma once

#include <unistd.h>

#include <climits>
#include <cstddef>

namespace ipcbench {

// Returns the page size in bytes: 4096 on x86-64, up to 65536 on 64-bit Arm, as its kernel was built.
inline std::size_t page_size() noexcept { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

// Returns the bytes that one system call reads, writes or copies at most: whole pages of what an int holds, read(2).
inline std::size_t largest_transfer() noexcept { return INT_MAX & ~(page_size() - 1); }

}  // namespace ipcbench
