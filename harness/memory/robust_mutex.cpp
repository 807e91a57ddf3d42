#include "harness/memory/robust_mutex.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace ipcbench {

bool knows_robust_mutexes() noexcept {
  // set_robust_list(2) is the call by which the C library registers a thread's list. A wrong size changes nothing.
  return ::syscall(SYS_set_robust_list, nullptr, 0) != 0 && errno == EINVAL;
}

}  // namespace ipcbench
