#include "harness/measure/stamps.h"

#include <atomic>

#include "harness/base/page_size.h"

namespace ipcbench {

Stamps stamps_of(RunLog& log, std::uint64_t ops) noexcept {
  const auto count = static_cast<std::size_t>(ops);
  auto* const first = reinterpret_cast<std::uint64_t*>(reinterpret_cast<std::byte*>(&log) + log.stamps_offset);
  return {.planned = {first, count},
          .sent = {first + count, count},
          .ready = {first + 2 * count, count},
          .received = {first + 3 * count, count}};
}

void touch(const Stamps& stamps) noexcept {
  const std::size_t step = page_size() / sizeof(std::uint64_t);
  for (const std::span<std::uint64_t> column : {stamps.planned, stamps.sent, stamps.ready, stamps.received}) {
    for (std::size_t at = 0; at < column.size(); at += step) std::atomic_ref(column[at]).fetch_or(0);
    if (!column.empty()) std::atomic_ref(column.back()).fetch_or(0);
  }
}

std::uint64_t plan(const Stamps& stamps, const Clock& clock, Schedule schedule) noexcept {
  for (std::uint64_t& planned : stamps.planned) planned = clock.to_ticks(schedule.next());
  return clock.to_ticks(schedule.next());
}

}  // namespace ipcbench
