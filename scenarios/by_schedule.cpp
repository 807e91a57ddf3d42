#include "scenarios/by_schedule.h"

namespace ipcbench {

std::uint64_t soon(const Clock& clock, std::uint64_t lead_ns) noexcept { return clock.end() + clock.to_ticks(lead_ns); }

void measure_pacer_alone(const Pacer& pacer, const Clock& clock, std::span<const std::uint64_t> planned,
                         PacerLog& log) noexcept {
  constexpr std::size_t kPart = 4;
  const std::size_t messages = (planned.size() + kPart - 1) / kPart;
  const std::uint64_t sleeps = pacer.sleeps();
  log.alone_before = resource_usage();
  const std::uint64_t begin = soon(clock, kLeadNs);
  std::uint64_t ready = 0;
  for (const std::uint64_t at : planned.first(messages)) {
    const std::uint64_t due = begin + at;
    if (ready < due) pacer.until(due);
    ready = clock.end();
  }
  log.alone_after = resource_usage();
  log.alone_sleeps = pacer.sleeps() - sleeps;
}

}  // namespace ipcbench
