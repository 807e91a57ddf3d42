#include "harness/plugin/leftovers.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/process/proc_stat.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

std::size_t entries_of(const char* folder) {
  std::error_code error;
  std::size_t count = 0;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) ++count;
  return count;
}

}  // namespace

OutputGuard::OutputGuard() : file_(::memfd_create("ipcbench-stdout", MFD_CLOEXEC)) {
  if (!file_) throw_errno("memfd_create");
  std::fflush(stdout);
  if (::dup2(file_.get(), STDOUT_FILENO) < 0) throw_errno("dup2 of standard output");
}

std::string OutputGuard::written() {
  std::fflush(stdout);
  const off_t size = ::lseek(file_.get(), 0, SEEK_END);
  if (size <= 0) return "";
  std::array<char, 60> begin{};
  const ssize_t got = ::pread(file_.get(), begin.data(), begin.size(), 0);
  std::string text(begin.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  if (::ftruncate(file_.get(), 0) == 0) ::lseek(file_.get(), 0, SEEK_SET);
  return fmt::format("it wrote {} bytes to standard output, which carries data only: {}", size, text);
}

std::size_t open_descriptor_count() { return entries_of("/proc/self/fd"); }

std::vector<pid_t> children_of_this_process() {
  const std::string own = std::to_string(::getpid());
  std::vector<pid_t> children;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto stat = read_line(entry->path() / "stat");
    if (stat && stat_field(*stat, 4) == own) children.push_back(static_cast<pid_t>(std::stol(name)));
  }
  return children;
}

std::size_t thread_count() { return entries_of("/proc/self/task"); }

}  // namespace ipcbench
