#include "harness/base/descriptor_limit.h"

#include <sys/resource.h>

#include <limits>

namespace ipcbench {

std::size_t most_descriptors() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max == RLIM_INFINITY)
    return std::numeric_limits<std::size_t>::max();
  return limit.rlim_max;
}

void allow_many_descriptors() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace ipcbench
