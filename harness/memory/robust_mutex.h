#pragma once

namespace ipcbench {

// Whether this kernel tells who waits for a robust mutex that its holder has died. Emulators of kernels and of CPUs
// (qemu-user) may not: the C library makes the mutex all the same, and the waiter waits for ever.
bool knows_robust_mutexes() noexcept;

}  // namespace ipcbench
