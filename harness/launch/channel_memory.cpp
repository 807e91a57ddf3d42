#include "harness/launch/channel_memory.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <vector>

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
constexpr auto kDeadline = 60s;       // of a part of the channels
constexpr std::string_view kMapped = "shared memory";  // TransportInfo::family of transports with messages in mappings

// Attempt is what a process that has opened channels tells the coordinator, in shared memory.
struct Attempt {
  enum class End : std::uint8_t { died, measured, refused, failed };

  End end = End::died;
  ChannelLevels levels;
  std::array<BufferSizes, 2> buffers{};  // of a channel, by Role
  std::uint32_t made = 0;                // channels, if so many as were asked for are refused
  std::array<char, 256> reason{};
};
static_assert(std::is_trivially_copyable_v<Attempt>);

// Returns the kernel memory per channel that two sides inherit by fork, from two numbers of channels. Opening their
// ends frees a part of it, for example a mapping in which the sides meet. Without a group of both it isn't seen: 0.
double inherited_by(const ChannelLevels& few, const ChannelLevels& many, bool by_group) {
  if (!by_group || many.channels <= few.channels) return 0;
  return (many.forked - few.forked) / (many.channels - few.channels);
}

struct Slope {
  double bytes = 0, error = 0;  // per channel
};

// Returns the bytes per channel, `inherited` included. None if that is under kBookkeeping, or if a part of the channels
// adds less than the residual of the line.
std::optional<Slope> slope_of(const MemoryLevels& levels, std::uint32_t channels, double inherited) {
  std::vector<Point> points{{0, 0}};
  const double part = channels / static_cast<double>(levels.parts);
  for (const double level : levels.all()) points.push_back({part * static_cast<double>(points.size()), level});
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
  if (transport.info().family == kMapped) return found.loaded.last() >= payload ? "contents" : "none";
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

// Thrown if the user wants to stop at once.
struct Interrupted {};

// ChannelAttempts opens channels in a process of its own each time, in a group of its own. The kernel frees some memory
// of ended processes late, such as page tables, and would count it less in the midst of the next attempt.
class ChannelAttempts {
 public:
  ChannelAttempts(const LaunchRequest& request, RunDir& run_dir, bool by_group)
      : request_(request), transport_(transport_of(request)), run_dir_(run_dir), by_group_(by_group) {}

  // Measures up to `channels`, as many as can be made. Throws Interrupted, std::system_error if this host can't fork or
  // map memory, and ChannelsRefused if fewer than two can be made or the process fails.
  ChannelLevels measure(std::uint32_t channels, std::uint32_t parts) {
    while (true) {
      const Attempt attempt = attempted(channels, parts);
      if (attempt.end == Attempt::End::measured) {
        buffers_ = attempt.buffers;
        return attempt.levels;
      }
      const bool fewer = attempt.end == Attempt::End::refused && attempt.made >= 2 && attempt.made < channels;
      if (!fewer) throw ChannelsRefused{.channels = attempt.made, .why = attempt.reason.data()};
      channels = attempt.made;
    }
  }

  bool loads() const noexcept { return transport_.info().capabilities.carries_payload; }
  bool by_group() const noexcept { return by_group_; }
  const std::string& source() const noexcept { return source_; }  // of the last attempt
  const std::array<BufferSizes, 2>& buffers() const noexcept { return buffers_; }

 private:
  Attempt attempted(std::uint32_t channels, std::uint32_t parts) {
    std::optional<MemoryGroup> group;
    try {
      if (by_group_) group.emplace(run_dir_);
    } catch (const std::system_error&) {  // it measures proportional set sizes instead
      by_group_ = false;
    }
    source_ = group ? group->source() : "pss";
    struct Told {
      Attempt attempt;
      std::atomic<std::uint32_t> steps{0};
    };
    const Mapping memory = Mapping::shared_anonymous(sizeof(Told));
    auto& told = *new (memory.data()) Told;
    Child child = Child::spawn("ipcbench-mem", [&] {
      attempt_here(channels, parts, group ? &*group : nullptr, told.attempt, told.steps);
      return 0;
    });
    run_dir_.note_process(child.pid());
    const auto time = kDeadline + longest_time(request_.spec, 2 * kMostLoadedChannels);
    const bool in_time = wait_while_it_goes_on(child, told.steps, time);
    if (stop_now()) throw Interrupted();
    if (told.attempt.end == Attempt::End::died)
      copy_text(told.attempt.reason, in_time ? "the process that measures died" : "took too long");
    return told.attempt;
  }

  // Runs in the measuring process.
  void attempt_here(std::uint32_t channels, std::uint32_t parts, const MemoryGroup* group, Attempt& attempt,
                    std::atomic<std::uint32_t>& steps) {
    try {
      ::close(run_dir_.lock_fd());
      allow_many_descriptors();
      unshare_heap();
      if (group != nullptr) group->enter();
      ChannelMeter meter(request_, transport_, run_dir_, group, steps);
      attempt.levels = meter.measure(channels, parts, loads());
      attempt.buffers = meter.buffers();
      attempt.end = Attempt::End::measured;
    } catch (const ChannelsRefused& refused) {
      copy_text(attempt.reason, refused.why);
      attempt.made = refused.channels;
      attempt.end = Attempt::End::refused;
    } catch (const std::exception& error) {
      copy_text(attempt.reason, error.what());
      attempt.end = Attempt::End::failed;
    }
  }

  const LaunchRequest& request_;
  const Transport& transport_;
  RunDir& run_dir_;
  bool by_group_;
  std::string source_;
  std::array<BufferSizes, 2> buffers_{};
};

// Puts the figures of a channel into the record. Throws as ChannelAttempts::measure().
void measure(ChannelAttempts& attempts, const LaunchRequest& request, ChannelRecord& record) {
  const Transport& transport = transport_of(request);
  const bool loads = attempts.loads();
  const std::uint32_t fitting = channels_that_fit(request, transport);
  const ChannelLevels few = attempts.measure(std::min(kFewChannels, fitting), 1);
  const MemoryLevels& all = loads ? few.loaded : few.idle;
  const double bytes = std::max(all.last(), 0.0) / few.channels;
  const std::uint32_t most =
      std::min({loads ? kMostLoadedChannels : kMostIdleChannels, fitting, most_channels_of(request.spec.size)});
  const ChannelLevels found = attempts.measure(channels_for(bytes, most), kChannelParts);
  const double inherited = inherited_by(few, found, attempts.by_group());
  record.channels = found.channels;
  record.limits_met = limits_behind(attempts.buffers());
  record.kernel_objects = seen_objects(found, transport, attempts.by_group(), loads);
  if (const auto idle = slope_of(found.idle, found.channels, inherited)) {
    record.idle_bytes = idle->bytes;
    record.idle_error_bytes = idle->error;
  }
  if (loads) {
    record.capped = found.capped;
    if (const auto loaded = slope_of(found.loaded, found.channels, inherited)) {
      record.loaded_bytes = loaded->bytes;
      record.loaded_error_bytes = loaded->error;
      if (found.payload) record.payload_bytes = *found.payload / found.channels;
    }
  }
  if (!record.idle_bytes || (loads && !record.loaded_bytes)) {
    record.reason =
        fmt::format("less than can be told apart from noise and bookkeeping with {} channels{}", found.channels,
                    attempts.by_group() ? "" : ", or in kernel objects that only a control group shows");
  } else if (loads && !found.payload) {
    record.reason = "a message is larger than what a channel takes: the part of it that lies there isn't counted";
  }
}

}  // namespace

ChannelOutcome measure_channel(const LaunchRequest& request, RunDir& run_dir, bool by_group) {
  if constexpr (kThreadSanitized) {
    return {.record = {.reason = "the thread sanitizer holds back the signal that ends a sender in a full channel"}};
  }
  const auto pages = request.spec.options.find("pages");
  if (pages != request.spec.options.end() && pages->second == "huge") {
    return {.record = {.reason = "huge pages are reserved for all, and charged to nobody"}};
  }
  if (const Foreign& foreign = transport_of(request).info().foreign; !foreign.library.empty()) {
    return {.record = {.reason = fmt::format(
                           "each channel of a {}, whose memory counts",
                           foreign.command.empty() ? "plug-in has a host process" : "foreign worker has a process")}};
  }
  const MemoryLimitWatch memory_limits;
  ChannelOutcome outcome;
  ChannelAttempts attempts(request, run_dir, by_group);
  try {
    measure(attempts, request, outcome.record);
  } catch (const Interrupted&) {
    return {.interrupted = true};
  } catch (const ChannelsRefused& refused) {
    outcome.record.reason = refused.why;
  }
  outcome.record.source = attempts.source();
  add_memory_limits(memory_limits.hit(), outcome.record.limits_met);
  return outcome;
}

}  // namespace ipcbench
