#pragma once

#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "harness/os/limit_text.h"

namespace ipcbench {

// Throws std::system_error with the current errno. The message names the call and its object: throw_errno("bind {}",
// path). Where a limit is reached, it names that, too.
template <class... Args>
[[noreturn]] void throw_errno(fmt::format_string<Args...> format, Args&&... args) {
  const int code = errno;  // formatting may change errno
  throw std::system_error(code, std::generic_category(),
                          fmt::format(format, std::forward<Args>(args)...) + limit_behind(code));
}

}  // namespace ipcbench
