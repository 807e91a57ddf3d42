#include "harness/plugin/leftovers.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/process/own_resources.h"
#include "harness/process/proc_stat.h"

namespace ipcbench {

std::vector<pid_t> running_children() {
  std::vector<pid_t> children = children_of(::getpid());
  std::erase_if(children, [](pid_t child) { return !process_start_time(child); });
  return children;
}

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

}  // namespace ipcbench
