#include "results/rows/floors.h"

#include <algorithm>
#include <optional>

#include "results/figures/states.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

using FloorReadings = std::vector<const FloorRecord*>;

std::optional<double> median_of(const FloorReadings& readings, std::optional<double> FloorRecord::*member) {
  std::vector<double> values;
  for (const FloorRecord* reading : readings) {
    if (reading->*member) values.push_back(*(reading->*member));
  }
  if (values.empty()) return std::nullopt;
  return median(values);
}

std::vector<BandwidthRecord> medians_of(const FloorReadings& readings,
                                        std::vector<BandwidthRecord> FloorRecord::*member) {
  std::vector<BandwidthRecord> merged = readings.front()->*member;
  for (std::size_t i = 0; i < merged.size(); ++i) {
    std::vector<double> values;
    for (const FloorRecord* reading : readings) {
      // A sample from a file may have been measured with other sizes.
      const std::vector<BandwidthRecord>& list = reading->*member;
      if (i < list.size() && list[i].size == merged[i].size) values.push_back(list[i].bytes_per_s);
    }
    merged[i].bytes_per_s = median(values);
  }
  return merged;
}

FloorRecord merge(const FloorReadings& readings, std::string state) {
  return {.placement = readings.front()->placement,
          .cpus = readings.front()->cpus,
          .state = std::move(state),
          .clock_read_ns = median_of(readings, &FloorRecord::clock_read_ns),
          .syscall_ns = median_of(readings, &FloorRecord::syscall_ns),
          .cache_line_rtt_ns = median_of(readings, &FloorRecord::cache_line_rtt_ns),
          .futex_rtt_ns = median_of(readings, &FloorRecord::futex_rtt_ns),
          .memcpy = medians_of(readings, &FloorRecord::memcpy),
          .line_touch = medians_of(readings, &FloorRecord::line_touch)};
}

bool is_in_used_state(const FloorRecord& reading, const StateRecord& states) {
  return reading.cache_line_rtt_ns &&
         state_of(states, {*reading.cache_line_rtt_ns, *reading.cache_line_rtt_ns}) == states.used;
}

}  // namespace

std::vector<FloorRecord> merge_floors(const std::vector<FloorRecord>& readings,
                                      const std::vector<StateRecord>& states) {
  std::vector<FloorRecord> merged;
  for (const FloorRecord& first : readings) {
    const auto is_same = [&](const FloorRecord& other) { return other.placement == first.placement; };
    if (std::ranges::any_of(merged, is_same)) continue;
    const StateRecord* here = states_at(states, first.placement);
    FloorReadings all, in_state;
    for (const FloorRecord& reading : readings) {
      if (!is_same(reading)) continue;
      all.push_back(&reading);
      if (here != nullptr && is_in_used_state(reading, *here)) in_state.push_back(&reading);
    }
    if (here == nullptr) {
      merged.push_back(merge(all, ""));
    } else {
      merged.push_back(in_state.empty() ? merge(all, std::string(kMixedState)) : merge(in_state, here->used));
    }
  }
  return merged;
}

const FloorRecord* floor_at(const std::vector<FloorRecord>& floors, const PlacementName& placement,
                            std::string_view state) noexcept {
  const FloorRecord* any = nullptr;
  for (const FloorRecord& floor : floors) {
    if (floor.placement != placement) continue;
    if (floor.state == state) return &floor;
    if (any == nullptr) any = &floor;
  }
  return any;
}

}  // namespace ipcbench
