#pragma once

#include <array>
#include <span>
#include <vector>

#include "harness/cgroup/memory_events.h"
#include "harness/ipc/buffer_size.h"
#include "results/model/record.h"

// Records the buffers that the kernel gave a launch and the limits of this host that changed them.

namespace ipcbench {

// Returns the limit that changed a buffer's size.
LimitRecord limit_behind(const BufferSize& size);
// Returns the limits that changed any size, each once, with their current values.
std::vector<LimitRecord> limits_behind(std::span<const BufferSizes> sides);
// Adds the sizes of both sides and the limits that changed them.
void add_buffers(const std::array<BufferSizes, 2>& sides, LaunchRecord& record);
// Adds the control groups' limits that were hit.
void add_memory_limits(const std::vector<MemoryGroupLimit>& hit, std::vector<LimitRecord>& limits);

}  // namespace ipcbench
