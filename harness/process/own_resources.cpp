#include "harness/process/own_resources.h"

#include <filesystem>
#include <string>
#include <system_error>

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

std::size_t open_descriptor_count() { return entries_of("/proc/self/fd"); }

std::size_t thread_count() { return entries_of("/proc/self/task"); }

std::vector<pid_t> children_of(pid_t parent) {
  constexpr int kParent = 4;
  const std::string wanted = std::to_string(parent);
  std::vector<pid_t> children;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto stat = read_line(entry->path() / "stat");
    if (stat && stat_field(*stat, kParent) == wanted) children.push_back(static_cast<pid_t>(std::stol(name)));
  }
  return children;
}

}  // namespace ipcbench
