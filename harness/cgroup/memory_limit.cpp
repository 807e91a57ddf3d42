#include "harness/cgroup/memory_limit.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include <fmt/core.h>

#include "harness/base/io.h"
#include "harness/base/text.h"
#include "harness/cgroup/cgroup.h"
#include "harness/cgroup/memory_stat.h"
#include "harness/memory/memory_info.h"

namespace ipcbench {
namespace {

std::uint64_t left_of(std::uint64_t limit, std::uint64_t used) noexcept { return limit - std::min(limit, used); }

void tighten(AvailableMemory& least, std::uint64_t bytes, const std::string& limit) {
  if (bytes < least.bytes) least = {static_cast<std::size_t>(bytes), limit};
}

// Lowers `least` to what a group's limit leaves. `limit_file` and `used_file` are the names in one version of control
// groups, `prefix` that of the sums over a subtree.
void tighten_by_group(AvailableMemory& least, const std::string& root, const std::string& folder,
                      const std::string& limit_file, const std::string& used_file, const std::string& prefix) {
  const auto limit = number_at_start(read_file_or_empty(root + folder + limit_file));
  const auto used = number_at_start(read_file_or_empty(root + folder + used_file));
  if (!limit || !used) return;
  const std::uint64_t files = sum_in_stat(read_file_or_empty(root + folder + "/memory.stat"),
                                          {prefix + "inactive_file", prefix + "active_file"});
  const std::uint64_t left = left_of(*limit, left_of(*used, files));
  tighten(least, left, fmt::format("{} is {}, which leaves {} bytes", folder + limit_file, *limit, left));
}

void tighten_by_address_space(AvailableMemory& least, const std::string& root) {
  constexpr std::string_view kName = "Max address space";
  const std::string limits = read_file_or_empty(root + "/proc/self/limits");
  const std::size_t at = limits.find(kName);
  if (at == std::string::npos) return;
  const std::size_t value = limits.find_first_not_of(' ', at + kName.size());
  const auto limit =
      value == std::string::npos ? std::nullopt : number_at_start(std::string_view(limits).substr(value));
  if (!limit) return;
  const std::uint64_t left =
      left_of(*limit, memory_info("VmSize", read_file_or_empty(root + "/proc/self/status")).value_or(0));
  tighten(least, left, fmt::format("ulimit -v leaves {} bytes of address space", left));
}

}  // namespace

MemoryLimits memory_limits(const std::string& root) {
  const AvailableMemory none{std::numeric_limits<std::size_t>::max(), "nothing limits memory"};
  MemoryLimits limits{.all = none, .each = none};
  if (const auto free = memory_info("MemAvailable", read_file_or_empty(root + "/proc/meminfo"))) {
    limits.all = {*free, fmt::format("{} bytes of memory are available", *free)};
  }
  for (const std::string& folder : own_cgroup_folders("", root)) {
    for (const char* limit : {"/memory.max", "/memory.high"}) {
      tighten_by_group(limits.all, root, folder, limit, "/memory.current", "");
    }
  }
  for (const std::string& folder : own_cgroup_folders("memory", root)) {
    tighten_by_group(limits.all, root, folder, "/memory.limit_in_bytes", "/memory.usage_in_bytes", "total_");
  }
  tighten_by_address_space(limits.each, root);
  return limits;
}

AvailableMemory available_memory(const std::string& root) {
  const MemoryLimits limits = memory_limits(root);
  return limits.each.bytes < limits.all.bytes ? limits.each : limits.all;
}

}  // namespace ipcbench
