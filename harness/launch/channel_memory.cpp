#include "harness/launch/channel_memory.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "harness/base/descriptor_limit.h"
#include "harness/base/fixed_text.h"
#include "harness/base/sanitizers.h"
#include "harness/cgroup/memory_group.h"
#include "harness/cgroup/memory_limit.h"
#include "harness/launch/channel_levels.h"
#include "harness/memory/mapping.h"
#include "harness/plan/channel_counts.h"
#include "harness/plan/launch_limits.h"
#include "harness/plan/plan_time.h"
#include "harness/plan/refusal.h"
#include "harness/process/child.h"
#include "harness/process/stop_signals.h"
#include "harness/process/unshare_heap.h"
#include "harness/process/wait_with_deadline.h"
#include "results/figures/statistics.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

constexpr double kBookkeeping = 256;  // bytes: less is the processes' own objects for a channel, of which each has some
constexpr auto kDeadline = 60s;
constexpr std::string_view kMapped = "shared memory";  // TransportInfo::family of transports with messages in mappings

// Returns figures from the measuring process to the coordinator. Zero: not set.
struct Answer {
  bool done, has_idle, has_loaded, has_payload, capped;
  double idle, loaded, payload;
  double idle_error, loaded_error;
  std::array<char, 16> kernel_objects;
  std::uint32_t channels;
  std::array<char, 16> source;
  std::array<char, 256> reason;
  std::array<BufferSizes, 2> buffers;  // of a channel, by Role
};

// Returns the kernel memory per channel that two sides inherit by fork, from two numbers of channels. Opening their
// ends frees a part of it, for example a mapping in which the sides meet.
double inherited_by(const ChannelLevels& few, const ChannelLevels& many) {
  if (many.channels <= few.channels) return 0;
  return (many.forked - few.forked) / (many.channels - few.channels);
}

struct Slope {
  double bytes = 0, error = 0;  // per channel
};

// Returns the bytes per channel, `inherited` included. None if that is under kBookkeeping, or if a part of the channels
// adds less than the residual of the line.
std::optional<Slope> slope_of(const MemoryLevels& levels, std::uint32_t channels, double inherited) {
  std::vector<Point> points{{0, 0}};
  const double part = channels / static_cast<double>(levels.size());
  for (const double level : levels) points.push_back({part * static_cast<double>(points.size()), level});
  const Line line = line_through(points);
  const double slope = line.slope + inherited;
  if (slope < kBookkeeping || slope * part <= line.residual) return std::nullopt;
  return Slope{.bytes = slope, .error = line.slope_error};
}

// Returns ChannelRecord::kernel_objects. Without a group, a channel's contents are visible if it grows by its payload
// when filled, as pipes and sockets do, or if the payload is in mappings. A broker's sockets are never visible.
const char* seen_objects(const ChannelLevels& found, const Transport& transport, bool by_group, bool loads) {
  if (by_group) return "all";
  if (!loads || found.has_broker) return "none";
  const double payload = found.payload.value_or(0);
  if (transport.info().family == kMapped) return found.loaded.back() >= payload ? "contents" : "none";
  return payload > 0 && found.seen_growth >= payload ? "contents" : "none";
}

// Returns how many channels fit into the available memory. Throws ChannelsRefused for fewer than two.
std::uint32_t channels_that_fit(const LaunchRequest& request, const Transport& transport) {
  const MemoryLimits memory = memory_limits();
  const CaseSpec& spec = request.spec;
  const std::size_t channel = transport.memory_needed(largest_sent(spec), option_values(spec, transport.info()));
  const std::size_t buffers = memory_need(spec, transport).each - channel;  // of the side that fills them
  const auto fit = [&](std::size_t bytes) {
    if (bytes < buffers) return std::size_t{0};
    return channel == 0 ? std::size_t{kMostIdleChannels}
                        : std::min<std::size_t>((bytes - buffers) / channel, kMostIdleChannels);
  };
  for (const AvailableMemory* limit : {&memory.all, &memory.each}) {
    if (fit(limit->bytes) >= 2) continue;
    throw ChannelsRefused{.channels = 0,
                          .why = fmt::format("{}, two channels need {}", limit->limit, buffers + 2 * channel)};
  }
  return static_cast<std::uint32_t>(std::min(fit(memory.all.bytes), fit(memory.each.bytes)));
}

// Runs in the measuring process.
void measure(const LaunchRequest& request, const Transport& transport, RunDir& run_dir, const MemoryGroup* group,
             Answer& answer) {
  ::close(run_dir.lock_fd());
  allow_many_descriptors();
  unshare_heap();
  if (group != nullptr) group->enter();
  copy_text(answer.source, group != nullptr ? group->source() : "pss");

  const bool loads = transport.info().capabilities.carries_payload;
  const std::uint32_t fitting = channels_that_fit(request, transport);
  ChannelMeter meter(request, transport, run_dir, group);
  const ChannelLevels few = meter.measure(std::min(kFewChannels, fitting), 1, loads);
  const MemoryLevels& all = loads ? few.loaded : few.idle;
  const double bytes = std::max(all.back(), 0.0) / few.channels;
  const std::uint32_t most =
      std::min({loads ? kMostLoadedChannels : kMostIdleChannels, fitting, most_channels_of(request.spec.size)});
  const ChannelLevels found = meter.measure(channels_for(bytes, most), kChannelParts, loads);
  const double inherited = inherited_by(few, found);
  const auto idle = slope_of(found.idle, found.channels, inherited);
  answer.channels = found.channels;
  answer.buffers = meter.buffers();
  answer.has_idle = idle.has_value();
  answer.idle = idle.value_or(Slope{}).bytes;
  answer.idle_error = idle.value_or(Slope{}).error;
  copy_text(answer.kernel_objects, seen_objects(found, transport, group != nullptr, loads));
  if (loads) {
    const auto loaded = slope_of(found.loaded, found.channels, inherited);
    answer.has_loaded = loaded.has_value();
    answer.loaded = loaded.value_or(Slope{}).bytes;
    answer.loaded_error = loaded.value_or(Slope{}).error;
    answer.has_payload = found.payload.has_value();
    answer.payload = found.payload.value_or(0) / found.channels;
    answer.capped = found.capped;
  }
  if (!answer.has_idle || (loads && !answer.has_loaded)) {
    copy_text(answer.reason,
              fmt::format("less than can be told apart from noise and bookkeeping with {} channels{}", found.channels,
                          group != nullptr ? "" : ", or in kernel objects that only a control group shows"));
  } else if (loads && !answer.has_payload) {
    copy_text(answer.reason,
              "a message is larger than what a channel takes: the part of it that lies there isn't counted");
  }
  answer.done = true;
}

ChannelRecord record_of(const Answer& answer) {
  ChannelRecord record{.channels = answer.channels,
                       .capped = answer.capped,
                       .source = answer.source.data(),
                       .reason = answer.reason.data()};
  record.limits_met = limits_behind(answer.buffers);
  if (answer.kernel_objects[0] != '\0') record.kernel_objects = answer.kernel_objects.data();
  if (answer.has_idle) {
    record.idle_bytes = answer.idle;
    record.idle_error_bytes = answer.idle_error;
  }
  if (answer.has_loaded) {
    record.loaded_bytes = answer.loaded;
    record.loaded_error_bytes = answer.loaded_error;
  }
  if (answer.has_loaded && answer.has_payload) record.payload_bytes = answer.payload;
  return record;
}

}  // namespace

ChannelOutcome measure_channel(const LaunchRequest& request, RunDir& run_dir, bool by_group) {
  if constexpr (kThreadSanitized) {
    return {.record = {.reason = "the thread sanitizer holds back the signal that ends a sender in a full channel"}};
  }
  const Transport& transport = transport_of(request);
  const auto pages = request.spec.options.find("pages");
  if (pages != request.spec.options.end() && pages->second == "huge") {
    return {.record = {.reason = "huge pages are reserved for all, and charged to nobody"}};
  }
  if (!transport_of(request).info().foreign.library.empty())
    return {.record = {.reason = "each channel of a plug-in has a host process, whose memory counts"}};
  const MemoryLimitWatch memory_limits;
  std::optional<MemoryGroup> group;
  try {
    if (by_group) group.emplace(run_dir);
  } catch (const std::system_error&) {  // it measures proportional set sizes instead
  }
  const Mapping memory = Mapping::shared_anonymous(sizeof(Answer));
  auto& answer = *new (memory.data()) Answer;  // trivial: keeps the mapping's zeros
  Child child = Child::spawn("ipcbench-mem", [&] {
    try {
      measure(request, transport, run_dir, group ? &*group : nullptr, answer);
    } catch (const ChannelsRefused& refused) {
      copy_text(answer.reason, refused.why);
      return 1;
    } catch (const std::exception& error) {
      copy_text(answer.reason, error.what());
      return 1;
    }
    return 0;
  });
  run_dir.note_process(child.pid());
  const bool in_time = wait_with_deadline(child, kDeadline + longest_time(request.spec, 2 * kMostLoadedChannels));
  if (stop_now()) return {.interrupted = true};
  ChannelOutcome outcome{.record = record_of(answer)};
  add_memory_limits(memory_limits.hit(), outcome.record.limits_met);
  if (!answer.done && outcome.record.reason.empty()) {
    outcome.record.reason = in_time ? "the process that measures died" : "took too long";
  }
  return outcome;
}

}  // namespace ipcbench
