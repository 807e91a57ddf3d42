#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/measure/cast_log.h"

namespace ipcbench {

// Returns when all `seats` have called it equally often. It sleeps, and so is never called inside a measured block.
void meet(Board& board, std::size_t seats) noexcept;

// Sleeps until *word, a futex word, is no longer `seen`, or for a millisecond.
void wait_a_moment(const std::uint32_t* word, std::uint32_t seen) noexcept;

}  // namespace ipcbench
