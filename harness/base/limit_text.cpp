#include "harness/base/limit_text.h"

#include <sys/resource.h>

#include <cerrno>

#include <fmt/core.h>

namespace ipcbench {
namespace {

std::string with_value(const char* name, const rlimit& limit) {
  if (limit.rlim_cur == RLIM_INFINITY) return fmt::format("{}, is unlimited", name);
  return fmt::format("{}, is {}", name, limit.rlim_cur);
}

}  // namespace

std::string limit_behind(int error_number) {
  rlimit files{}, addresses{};
  if (error_number == ENOMEM && ::getrlimit(RLIMIT_AS, &addresses) == 0 && addresses.rlim_cur != RLIM_INFINITY) {
    return fmt::format(" ({})", with_value("RLIMIT_AS, ulimit -v, in bytes", addresses));
  }
  if (error_number != EMFILE || ::getrlimit(RLIMIT_NOFILE, &files) != 0) return "";
  return fmt::format(" ({})", with_value("RLIMIT_NOFILE, ulimit -n", files));
}

std::string process_limit() {
  rlimit processes{};
  if (::getrlimit(RLIMIT_NPROC, &processes) != 0) return "";
  return fmt::format(" ({}; a cgroup's pids.max may be lower)", with_value("RLIMIT_NPROC, ulimit -u", processes));
}

}  // namespace ipcbench
