#include "harness/plan/launch_limits.h"

#include <algorithm>
#include <string>

namespace ipcbench {
namespace {

void add_once(std::vector<LimitRecord>& limits, LimitRecord limit) {
  if (std::ranges::find(limits, limit) == limits.end()) limits.push_back(std::move(limit));
}

}  // namespace

LimitRecord limit_behind(const BufferSize& size) {
  return {.limit = std::string(to_string(size.limit)),
          .value = value_of(size.limit).value_or(std::to_string(size.size)),
          .effect = std::string(to_string(size.effect)),
          .buffer = std::string(to_string(size.buffer)),
          .wanted = size.wanted,
          .got = size.size};
}

std::vector<LimitRecord> limits_behind(std::span<const BufferSizes> sides) {
  std::vector<LimitRecord> limits;
  for (const BufferSizes& side : sides) {
    for (const BufferSize& size : side.all()) {
      if (size.effect != LimitEffect::none) add_once(limits, limit_behind(size));
    }
  }
  return limits;
}

void add_buffers(const std::array<BufferSizes, 2>& sides, LaunchRecord& record) {
  for (const BufferSizes& side : sides) {
    for (const BufferSize& size : side.all()) {
      record.buffers.push_back({.name = std::string(to_string(size.buffer)),
                                .direction = std::string(to_string(size.direction)),
                                .size = size.size});
    }
  }
  for (LimitRecord& limit : limits_behind(sides)) add_once(record.limits_met, std::move(limit));
}

void add_memory_limits(const std::vector<MemoryGroupLimit>& hit, std::vector<LimitRecord>& limits) {
  for (const MemoryGroupLimit& limit : hit) {
    add_once(limits, {.limit = limit.name, .value = limit.value, .effect = std::string(kMemoryTakenBack)});
  }
}

}  // namespace ipcbench
