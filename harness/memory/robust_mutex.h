#pragma once

namespace ipcbench {

// Returns whether this kernel tells those who wait for a robust mutex that its holder has died. Emulators of kernels
// and of CPUs (qemu-user) may not. The C library makes such a mutex all the same, and its waiter waits forever.
bool knows_robust_mutexes() noexcept;

}  // namespace ipcbench
