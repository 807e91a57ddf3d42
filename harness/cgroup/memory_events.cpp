#include "harness/cgroup/memory_events.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "harness/base/io.h"
#include "harness/base/text.h"
#include "harness/cgroup/cgroup.h"
#include "harness/cgroup/memory_stat.h"

namespace ipcbench {
namespace {

// If no limit is set, version 1 reports a number near 2^63, rounded to pages.
constexpr std::uint64_t kNoGroupLimit = std::uint64_t{1} << 62;

// Returns a group's own counts, without those of the groups below it (Linux 5.2); older kernels only have the sums.
std::string events_of(const std::string& folder) {
  std::string own = read_file_or_empty(folder + "/memory.events.local");
  return own.empty() ? read_file_or_empty(folder + "/memory.events") : own;
}

class GroupLimits {
 public:
  explicit GroupLimits(const std::string& root) : root_(root) {}

  void add(const std::string& folder, const char* name, const char* in_use, std::uint64_t hits) {
    const auto bytes = number_at_start(read_file_or_empty(root_ + folder + '/' + name));
    if (!bytes || *bytes >= kNoGroupLimit) return;
    found_.push_back({.name = name,
                      .value = std::to_string(*bytes),
                      .bytes = *bytes,
                      .in_use = number_at_start(read_file_or_empty(root_ + folder + '/' + in_use)).value_or(0),
                      .hits = hits,
                      .folder = folder});
  }
  std::vector<MemoryGroupLimit> take() && { return std::move(found_); }

 private:
  const std::string& root_;
  std::vector<MemoryGroupLimit> found_;
};

}  // namespace

std::vector<MemoryGroupLimit> memory_group_limits(const std::string& root) {
  GroupLimits limits(root);
  for (const std::string& folder : own_cgroup_folders("", root)) {
    const std::string events = events_of(root + folder);
    limits.add(folder, "memory.high", "memory.current", sum_in_stat(events, {"high"}));
    limits.add(folder, "memory.max", "memory.current", sum_in_stat(events, {"max"}));
  }
  for (const std::string& folder : own_cgroup_folders("memory", root)) {
    limits.add(folder, "memory.limit_in_bytes", "memory.usage_in_bytes",
               number_at_start(read_file_or_empty(root + folder + "/memory.failcnt")).value_or(0));
  }
  return std::move(limits).take();
}

MemoryLimitWatch::MemoryLimitWatch(std::string root) : root_(std::move(root)), before_(memory_group_limits(root_)) {}

std::vector<MemoryGroupLimit> MemoryLimitWatch::hit() const {
  std::vector<MemoryGroupLimit> now = memory_group_limits(root_);
  std::erase_if(now, [&](const MemoryGroupLimit& limit) {
    const auto known = std::ranges::find_if(before_, [&](const MemoryGroupLimit& before) {
      return before.folder == limit.folder && before.name == limit.name;
    });
    return known == before_.end() || limit.hits <= known->hits;
  });
  return now;
}

}  // namespace ipcbench
