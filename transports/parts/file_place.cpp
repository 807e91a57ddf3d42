#include "transports/parts/file_place.h"

#include <cerrno>
#include <cstring>

#include <fmt/core.h>

#include "harness/cgroup/memory_limit.h"
#include "harness/run_dir/file_space.h"

namespace ipcbench {

OptionInfo fs_option() {
  return {.name = "fs",
          .default_value = "tmpfs",
          .values = {"tmpfs", "disk"},
          .summary = "where the file is: /dev/shm, or /var/tmp on a disk"};
}

RunDir::Kind file_kind(const OptionValues& options) {
  return options.find("fs")->second == "disk" ? RunDir::Kind::disk_file : RunDir::Kind::memory_file;
}

std::variant<FileRoom, Unavailable> file_room(const OptionValues& options) {
  const RunDir::Kind kind = file_kind(options);
  const char* const folder = shared_folder_of(kind);
  const auto system = file_system_of(folder);
  if (!system) return Unavailable{Why::no_resource, fmt::format("{} can't be used: {}", folder, std::strerror(errno))};
  if (system->in_memory != (kind == RunDir::Kind::memory_file)) {
    return Unavailable{Why::no_resource,
                       fmt::format("{} is {} memory", folder, system->in_memory ? "a file system in" : "not in")};
  }
  if (system->in_memory) {
    if (const auto [bytes, limit] = available_memory(); bytes < system->free) return FileRoom{bytes, limit};
  }
  return FileRoom{system->free, fmt::format("{} has {} bytes free", folder, system->free)};
}

}  // namespace ipcbench
