#include "harness/measure/stamps.h"

#include <atomic>

#include "harness/base/page_size.h"

namespace ipcbench {

bool has_stamps(const LoopSpec& spec) noexcept {
  return traffic_of(spec.scenario) == Traffic::scheduled && spec.pilot_ns == 0 && !spec.counts_calls;
}

Stamps stamps_of(RunLog& log, std::uint64_t ops) noexcept {
  return stamps_at(reinterpret_cast<std::byte*>(&log) + log.stamps_offset, ops);
}

Stamps stamps_at(std::byte* memory, std::uint64_t ops) noexcept {
  const auto count = static_cast<std::size_t>(ops);
  auto* const first = reinterpret_cast<std::uint64_t*>(memory);
  return {.planned = {first, count},
          .sent = {first + count, count},
          .ready = {first + 2 * count, count},
          .received = {first + 3 * count, count}};
}

Stamps part_of(const Stamps& all, std::size_t index, std::size_t parts) noexcept {
  const std::size_t each = all.planned.size() / parts;
  const auto part = [&](std::span<std::uint64_t> column) { return column.subspan(index * each, each); };
  return {
      .planned = part(all.planned), .sent = part(all.sent), .ready = part(all.ready), .received = part(all.received)};
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
  return clock.to_ticks(schedule.end());
}

}  // namespace ipcbench
