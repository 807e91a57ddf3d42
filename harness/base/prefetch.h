#pragma once

namespace ipcbench {

// Asks for the cache line of `address` with the right to write it, and doesn't wait: the later store then finds it
// here. Any address is allowed. The compiler's builtin makes this a fetch for reading on x86 unless it may use
// PREFETCHW, which every 64-bit processor executes, those that lack it as a no-op.
inline void prefetch_for_write(const void* address) noexcept {
#if defined(__x86_64__)
  asm volatile("prefetchw %0" : : "m"(*static_cast<const char*>(address)));
#else
  __builtin_prefetch(address, 1);
#endif
}

}  // namespace ipcbench
