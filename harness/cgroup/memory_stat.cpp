#include "harness/cgroup/memory_stat.h"

#include <sys/mman.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>

#include "harness/base/take_line.h"

namespace ipcbench {
namespace {

constexpr int kFaultsAtOnce = 64;
// Exceeds the changes that are ever left pending on 256 CPUs, 16384. It takes 5 ms.
constexpr int kMostFaults = 20'000;

}  // namespace

std::uint64_t sum_in_stat(std::string_view table, std::initializer_list<std::string_view> names) {
  std::uint64_t sum = 0;
  while (!table.empty()) {
    const std::string_view line = take_line(table);
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) continue;
    for (const std::string_view name : names) {
      if (line.substr(0, space) != name) continue;
      std::uint64_t number = 0;
      std::from_chars(line.data() + space + 1, line.data() + line.size(), number);
      sum += number;
    }
  }
  return sum;
}

std::string fresh_memory_stat(const MemoryStatSource& source) {
  const auto faults_in = [](std::string_view stat) { return sum_in_stat(stat, {"pgfault"}); };
  const std::uint64_t before = faults_in(source.read());
  for (int faults = 0; faults < kMostFaults; faults += kFaultsAtOnce) {
    source.fault(kFaultsAtOnce);
    std::string stat = source.read();
    if (faults_in(stat) != before) return stat;
  }
  source.wait_for_the_kernel();
  return source.read();
}

ZeroPageFaults::ZeroPageFaults()
    : page_(Mapping::private_anonymous(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)))) {
  // Otherwise the page could become part of a huge page, which is charged. A kernel without huge pages refuses this.
  ::madvise(page_.data(), page_.size(), MADV_NOHUGEPAGE);
}

void ZeroPageFaults::make(int count) const noexcept {
  for (int i = 0; i < count; ++i) {
    ::madvise(page_.data(), page_.size(), MADV_DONTNEED);
    static_cast<void>(*static_cast<const volatile std::byte*>(page_.data()));
  }
}

}  // namespace ipcbench
