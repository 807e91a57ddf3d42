#include "harness/measure/pacer.h"

namespace ipcbench {

std::uint64_t Pacer::sleep_until(std::uint64_t due) const noexcept {
  for (;;) {
    const std::uint64_t now = clock_.end();
    if (now >= due) return now;
    ++sleeps_;
    sleep_until_monotonic(monotonic_ns() + clock_.to_ns(due - now));
  }
}

}  // namespace ipcbench
