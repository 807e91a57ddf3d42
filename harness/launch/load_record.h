#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
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

// Holds the times of a message, in ticks. `ready`: when its sender had sent the one before; 0: it is its first.
struct MessageTimes {
  std::uint64_t planned, ready, sent, received;
};
// Returns the messages of one or several senders by their planned times.
std::vector<MessageTimes> message_times(std::span<const Stamps> senders);

struct BlockTimes {
  std::uint64_t begin = 0;        // ticks
  std::uint64_t planned_end = 0;  // ticks from there: when the message after the last would be due
  std::uint64_t end = 0;          // ticks: the last verified message
};

Backlog backlog_of(std::span<const MessageTimes> messages, const BlockTimes& times);
// Rule 26: returns whether the median backlog of the last five slices exceeds that of slices 6 to 10 by more than 1 %
// of the messages that were due between them.
bool grows(const Backlog& backlog);

// A message is late if the pacer sends it this much later than it could.
inline constexpr std::uint64_t kLateNs = 1'000;

// Returns a time that counts for a message: of the service if the pacer sleeps, else of the response. 0 if it was lost.
std::uint64_t counted_ns(const MessageTimes& message, std::uint64_t begin, const OpenLoop& loop, const Clock& clock);

// Returns the CPU time of a sleeping pacer in a block: what a sleep costs with nothing to send, times the block's; none
// if it never slept then. A sender that is behind its schedule doesn't sleep, while a pacer that sends nothing does.
std::optional<double> pacer_cpu_ns(const PacerLog& pacer);

// Returns the record of a block of which `verified` messages came. `slices_ns` gets the median time in each slice of
// its messages: counted_ns() of them. Blocks of silences have no slices.
LoadRecord load_record(std::span<const MessageTimes> messages, const BlockTimes& times, const OpenLoop& loop,
                       const Clock& clock, std::uint64_t verified, std::vector<double>& slices_ns);

}  // namespace ipcbench
