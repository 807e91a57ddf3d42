#pragma once

#include <cerrno>

#include <fmt/core.h>

namespace ipcbench {

namespace detail {
[[noreturn]] void throw_system_error(int code, fmt::string_view format, fmt::format_args args);
}

// Throws std::system_error with the current errno. The message names the call and its object: throw_errno("bind {}",
// path). It also names the resource limit that was reached, if one was.
template <class... Args>
[[noreturn]] void throw_errno(fmt::format_string<Args...> format, Args&&... args) {
  const int code = errno;  // formatting may change errno
  detail::throw_system_error(code, format, fmt::make_format_args(args...));
}

}  // namespace ipcbench
