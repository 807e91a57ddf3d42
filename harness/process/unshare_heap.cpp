#include "harness/process/unshare_heap.h"

#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/io.h"
#include "harness/base/page_size.h"
#include "harness/process/proc_stat.h"

namespace ipcbench {
namespace {

constexpr int kStartOfHeap = 47;  // field of /proc/PID/stat, proc(5)

// Returns the start of the heap, 0 if it is unknown.
std::uintptr_t start_of_heap(const std::string& stat) noexcept {
  const std::string_view field = stat_field(stat, kStartOfHeap);
  std::uintptr_t start = 0;
  std::from_chars(field.data(), field.data() + field.size(), start);
  return start;
}

}  // namespace

void unshare_heap() {
  // /proc/self/maps isn't used: with many mappings it is long, and would be read into the heap.
  const std::uintptr_t begin = start_of_heap(read_line("/proc/self/stat").value_or(""));
  if (begin == 0) return;
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  const std::size_t page = page_size();
  for (std::uintptr_t at = begin; at < end; at += page) {
    auto* const byte = reinterpret_cast<volatile unsigned char*>(at);
    *byte = *byte;
  }
}

}  // namespace ipcbench
