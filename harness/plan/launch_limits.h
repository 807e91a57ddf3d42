#pragma once

#include <array>
#include <span>
#include <vector>

#include "harness/cgroup/memory_events.h"
#include "harness/ipc/buffer_size.h"
#include "results/model/record.h"

// What the kernel made of a launch's buffers, and the limits of this host that it met, as a result stores them.

namespace ipcbench {

// What is behind a size that isn't the wanted one.
LimitRecord limit_behind(const BufferSize& size);
// The limits behind sizes that aren't the wanted ones, each once, with their values as they are now.
std::vector<LimitRecord> limits_behind(std::span<const BufferSizes> sides);
// The sizes and those limits, of both sides.
void add_buffers(const std::array<BufferSizes, 2>& sides, LaunchRecord& record);
// The limits of control groups that were hit.
void add_memory_limits(const std::vector<MemoryGroupLimit>& hit, std::vector<LimitRecord>& limits);

}  // namespace ipcbench
