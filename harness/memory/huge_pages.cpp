#include "harness/memory/huge_pages.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "harness/base/io.h"
#include "harness/memory/memory_info.h"

namespace ipcbench {
namespace {

constexpr unsigned kCapIpcLock = 14;  // linux/capability.h

bool has_ipc_lock() {
  const std::string status = read_file("/proc/self/status");
  const std::size_t at = status.find("\nCapEff:");
  if (at == std::string::npos) return false;
  return (std::strtoull(status.c_str() + at + 8, nullptr, 16) >> kCapIpcLock & 1) != 0;
}

bool is_in_group(gid_t group) {
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
  if (::getgroups(static_cast<int>(groups.size()), groups.data()) < 0) groups.clear();
  return ::getegid() == group || std::find(groups.begin(), groups.end(), group) != groups.end();
}

}  // namespace

HugePages HugePages::of_this_host() {
  HugePages pages{.size = memory_info("Hugepagesize").value_or(0)};
  if (pages.size == 0) return pages;
  pages.total = memory_info("HugePages_Total").value_or(0);
  const std::size_t promised = memory_info("HugePages_Rsvd").value_or(0);
  pages.free = memory_info("HugePages_Free").value_or(0);
  pages.free -= std::min(promised, pages.free);
  return pages;
}

bool may_use_huge_sysv_shm() {
  if (has_ipc_lock()) return true;
  const auto group = read_line("/proc/sys/vm/hugetlb_shm_group");
  return group && is_in_group(static_cast<gid_t>(std::strtoul(group->c_str(), nullptr, 10)));
}

}  // namespace ipcbench
