#include "harness/ipc/inotify.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>
#include <vector>

#include <fmt/core.h>

#include "harness/base/io.h"
#include "harness/base/limit_text.h"

namespace ipcbench {
namespace {

std::string with_value(const std::string& path) {
  return fmt::format("{} is {}", path, read_line(path).value_or("unknown"));
}

// Names what inotify_init1() has failed for. Its EMFILE means two limits; if another descriptor can still be had, it is
// the number of inotify instances.
std::string init_error(int error_number) {
  std::string limit = limit_behind(error_number);
  if (error_number == EMFILE && UniqueFd(::open("/", O_PATH | O_CLOEXEC))) {
    limit = fmt::format(" ({}, {})", with_value("/proc/sys/fs/inotify/max_user_instances"),
                        with_value("/proc/sys/user/max_inotify_instances"));
  }
  return "inotify_init1" + limit;
}

[[noreturn]] void throw_with(int error_number, const std::string& text) {
  throw std::system_error(error_number, std::generic_category(), text);
}

}  // namespace

FileWatch::FileWatch(const std::string& path) : inotify_(::inotify_init1(IN_CLOEXEC)) {
  if (!inotify_) {
    const int error = errno;
    throw_with(error, init_error(error));
  }
  if (::inotify_add_watch(inotify_.get(), path.c_str(), IN_MODIFY) < 0) {
    const int error = errno;
    const bool used_up = error == ENOSPC;
    throw_with(error,
               fmt::format("inotify_add_watch {}{}", path,
                           used_up ? fmt::format(" ({})", with_value("/proc/sys/fs/inotify/max_user_watches")) : ""));
  }
}

void FileWatch::wait() noexcept {
  alignas(inotify_event) std::array<std::byte, 4096> events;
  [[maybe_unused]] const ssize_t taken = ::read(inotify_.get(), events.data(), events.size());
}

std::string file_watch_refusal(int watches) {
  std::vector<UniqueFd> made;
  for (int i = 0; i < watches; ++i) {
    made.emplace_back(::inotify_init1(IN_CLOEXEC));
    if (!made.back()) {
      const int error = errno;
      return fmt::format("{}: {}", init_error(error), std::strerror(error));
    }
  }
  return "";
}

}  // namespace ipcbench
