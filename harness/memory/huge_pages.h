#pragma once

#include <cstddef>
#include <cstdint>

namespace ipcbench {

enum class PageKind : std::uint8_t { small, huge };  // huge: of the default huge page size, hugetlbpage.rst

// HugePages are the host's huge pages of the default size, from /proc/meminfo.
struct HugePages {
  std::size_t size = 0;   // bytes of one; 0: the kernel has none
  std::size_t total = 0;  // pages
  std::size_t free = 0;   // pages that nobody has or has been promised

  static HugePages of_this_host();
  // Rounds `bytes` up to a whole number of pages; leaves it unchanged if there are none.
  std::size_t round_up(std::size_t bytes) const noexcept {
    return size == 0 ? bytes : (bytes + size - 1) / size * size;
  }
};

// Returns whether this process may make System V segments of huge pages: by CAP_IPC_LOCK, or the group of
// vm.hugetlb_shm_group.
bool may_use_huge_sysv_shm();

}  // namespace ipcbench
