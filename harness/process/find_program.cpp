#include "harness/process/find_program.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace ipcbench {
namespace {

bool is_program(const std::string& path) noexcept {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view folders = path != nullptr ? path : "/usr/bin:/bin";
  while (!folders.empty()) {
    const std::size_t end = std::min(folders.find(':'), folders.size());
    std::string program = fmt::format("{}/{}", folders.substr(0, end), name);
    if (end > 0 && program.front() == '/' && is_program(program)) return program;
    folders.remove_prefix(std::min(end + 1, folders.size()));
  }
  return "";
}

}  // namespace ipcbench
