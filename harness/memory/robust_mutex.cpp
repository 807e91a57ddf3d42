#include "harness/memory/robust_mutex.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace ipcbench {

bool knows_robust_mutexes() noexcept {
  // The call by which the C library says where a thread's list is. A size that is wrong changes nothing.
  return ::syscall(SYS_set_robust_list, nullptr, 0) != 0 && errno == EINVAL;
}

}  // namespace ipcbench
