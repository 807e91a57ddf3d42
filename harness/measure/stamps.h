#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/measure/run_log.h"
#include "harness/measure/schedule.h"

namespace ipcbench {

// The most messages that a block can stamp: 32 MB of stamps.
inline constexpr std::uint64_t kMostStamps = 1'000'000;

// Stamps are the times of each message of an open loop's block, in ticks. They lie behind the run log, in memory that
// coordinator and workers share. Nothing is computed from them before the block has ended.
struct Stamps {
  std::span<std::uint64_t> planned;   // from the block's begin
  std::span<std::uint64_t> sent;      // when its put began
  std::span<std::uint64_t> ready;     // when the sender could send the next: its put had ended, or its answer was back
  std::span<std::uint64_t> received;  // 0: it has not come
};

// Returns the bytes of the stamps of `ops` messages.
constexpr std::size_t stamps_size(std::uint64_t ops) noexcept {
  return 4 * static_cast<std::size_t>(ops) * sizeof(std::uint64_t);
}
// Returns whether a launch leaves stamps: an open loop's, unless it is a pilot or counts system calls.
bool has_stamps(const LoopSpec& spec) noexcept;
// Returns the stamps of `ops` messages at RunLog::stamps_offset from `log`.
Stamps stamps_of(RunLog& log, std::uint64_t ops) noexcept;
// Returns those in `memory`, which is aligned for them.
Stamps stamps_at(std::byte* memory, std::uint64_t ops) noexcept;
// Returns the stamps of one of several senders, which have as many each.
Stamps part_of(const Stamps& all, std::size_t index, std::size_t parts) noexcept;

// Touches the stamps, so that no page is missing in a measured block.
void touch(const Stamps& stamps) noexcept;

// Writes the planned times. Returns the end of the schedule.
std::uint64_t plan(const Stamps& stamps, const Clock& clock, Schedule schedule) noexcept;

}  // namespace ipcbench
