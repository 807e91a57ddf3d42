#include "results/figures/memory_figure.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "results/figures/capability.h"
#include "results/figures/summary.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

// Bounds a slope's error if the result doesn't store it, as a ratio of the slope. A slope was accepted if a part of the
// channels added more than the residual R: R < slope * part. With five equally spaced points, each off by at most R,
// its error is at most 0.6 R / part.
constexpr double kUnstoredError = 0.6;

// Bounds the bytes of a channel's kernel objects (descriptors, inodes, socks) that are invisible without kernel memory
// accounting: four pages. The largest difference between the sources on one machine was 10.9 KB, for two datagram
// sockets.
constexpr double kOwnObjects = 16384;

// Families whose channels consist of pipes, sockets and mappings.
constexpr std::array<std::string_view, 4> kSeenFamilies = {"pipe", "UNIX domain socket", "network socket",
                                                           "shared memory"};

// Returns ChannelRecord::kernel_objects, or derives it for results that don't store it: "all", "contents" or "none".
std::string_view kernel_objects_of(const Result& result, const CaseRecord& c) {
  if (!c.channel) return "all";
  if (c.channel->kernel_objects) return *c.channel->kernel_objects;
  if (c.channel->source != "pss") return "all";
  const TransportRecord* record = find_transport_record(result, c.transport);
  const bool is_seen = record != nullptr && std::ranges::find(kSeenFamilies, record->family) != kSeenFamilies.end();
  return is_seen && carries_payload(c) ? "contents" : "none";
}

}  // namespace

bool misses_kernel_objects(const Result& result, const CaseRecord& c) { return kernel_objects_of(result, c) == "none"; }

MemoryFigure memory_figure(const Result& result, const CaseRecord& c) {
  const bool is_loaded = carries_payload(c);
  MemoryFigure memory{.figure = is_loaded ? &c.summary.channel_loaded : &c.summary.channel_idle};
  if (!memory.figure->median) return memory;
  const std::string_view seen = kernel_objects_of(result, c);
  const bool is_capped = is_loaded && c.channel && c.channel->capped;
  if (seen == "none") {
    memory.at_least = AtLeast::kernel_objects;
    return memory;
  }
  if (has_limited_memory(c)) return memory;
  const double bytes = *memory.figure->median;
  std::optional<double> stored;
  if (c.channel) stored = is_loaded ? c.channel->loaded_error_bytes : c.channel->idle_error_bytes;
  const double error = stored.value_or(kUnstoredError * bytes);
  memory.bounds = Interval{bytes - error, bytes + error};
  // A channel takes at least the size of its contents.
  if (is_loaded && c.channel && c.channel->payload_bytes) {
    memory.bounds->low = std::max(memory.bounds->low, std::min(bytes, *c.channel->payload_bytes));
  }
  if (seen == "contents") memory.bounds->high += kOwnObjects;
  if (is_capped) {
    memory.at_least = AtLeast::capped;
    memory.bounds->high = std::numeric_limits<double>::infinity();
  }
  return memory;
}

}  // namespace ipcbench
