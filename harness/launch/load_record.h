#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "harness/measure/clock.h"
#include "harness/measure/stamps.h"
#include "results/model/record.h"
#include "scenarios/list/open_loop.h"

// Computes what an open loop's block has measured from its stamps, after the block.

namespace ipcbench {

// Counts, at the ends of the slices of a schedule, the messages that were due and those that had been received.
struct Backlog {
  std::array<std::uint64_t, kSlices> due{};
  std::array<std::uint64_t, kSlices> received{};

  std::uint64_t at(std::size_t slice) const noexcept { return due[slice] - std::min(due[slice], received[slice]); }
};

struct BlockTimes {
  std::uint64_t begin = 0;        // ticks
  std::uint64_t planned_end = 0;  // ticks from there: when the message after the last would be due
  std::uint64_t end = 0;          // ticks: the last verified message
};

Backlog backlog_of(const Stamps& stamps, const BlockTimes& times);
// Rule 26: returns whether the median backlog of the last five slices exceeds that of slices 6 to 10 by more than 1 %
// of the messages that were due between them.
bool grows(const Backlog& backlog);

// A message is late if the pacer sends it this much later than it could.
inline constexpr std::uint64_t kLateNs = 1'000;

// Returns the record of a block of which `verified` messages came. `slices_ns` gets the median time in each slice of
// its messages: of the service if the pacer sleeps, else of the response. Blocks of silences have no slices.
LoadRecord load_record(const Stamps& stamps, const BlockTimes& times, const OpenLoop& loop, const Clock& clock,
                       std::uint64_t verified, std::vector<double>& slices_ns);

}  // namespace ipcbench
