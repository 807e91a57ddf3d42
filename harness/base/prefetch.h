#pragma once

namespace ipcbench {

// Requests the cache line of `address` for writing, without waiting, so that the later store finds it in the cache. Any
// address is allowed. On x86 the compiler's builtin fetches for reading unless it may use PREFETCHW. Every 64-bit
// processor executes that, those that lack it as a no-op.
inline void prefetch_for_write(const void* address) noexcept {
#if defined(__x86_64__)
  asm volatile("prefetchw %0" : : "m"(*static_cast<const char*>(address)));
#else
  __builtin_prefetch(address, 1);
#endif
}

}  // namespace ipcbench
