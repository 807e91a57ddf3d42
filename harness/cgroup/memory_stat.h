#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "harness/memory/mapping.h"

namespace ipcbench {

// Returns the sum of the lines "name number" with one of these names; a name that isn't there counts 0.
std::uint64_t sum_in_stat(std::string_view table, std::initializer_list<std::string_view> names);

// MemoryStatSource is what fresh_memory_stat() needs of the outside world.
struct MemoryStatSource {
  std::function<std::string()> read;          // the text of memory.stat
  std::function<void(int count)> fault;       // has the group `count` page faults that charge nothing
  std::function<void()> wait_for_the_kernel;  // until the kernel has brought its counters up to date by itself
};

// Reads memory.stat of a control group, of either version, such that it holds all that was charged before the call.
//
// Linux counts on each CPU, and adds the counts up every two seconds. For a reader it adds them up earlier only if more
// than about 64 changes per CPU are pending (5.16 and later). Two equal readings therefore prove nothing: filled pipes
// of 512 KiB were missing from them (7.2, four CPUs). Page faults are such changes, too, and are counted in the same
// table as "pgfault". Once that number has moved, the kernel has added up since the call. If it doesn't move, since the
// caller isn't in the group, the kernel's own turn is waited for.
std::string fresh_memory_stat(const MemoryStatSource& source);

// ZeroPageFaults makes page faults of this process that charge nothing. Each reads an untouched page, for which the
// kernel maps the one page of zeros that all share.
class ZeroPageFaults {
 public:
  ZeroPageFaults();  // throws std::system_error
  void make(int count) const noexcept;

 private:
  Mapping page_;
};

}  // namespace ipcbench
