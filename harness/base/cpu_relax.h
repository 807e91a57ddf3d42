#pragma once

namespace ipcbench {

// Tells the CPU that this is a spin loop: the core's other hardware thread gets more of it, and leaving the loop costs
// no memory-order mis-speculation. On 64-bit Arm it is what the kernel's own loops use; cores without hardware threads
// ignore it.
inline void cpu_relax() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace ipcbench
