#pragma once

#include <cstddef>

#include "harness/measure/cast_log.h"

namespace ipcbench {

// Returns when all `seats` have called it equally often. It sleeps, and so is never called inside a measured block.
void meet(Board& board, std::size_t seats) noexcept;

}  // namespace ipcbench
