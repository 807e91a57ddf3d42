#include "harness/launch/channel_memory.h"

#include <linux/membarrier.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <map>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/fixed_text.h"
#include "harness/base/sanitizers.h"
#include "harness/cgroup/memory_group.h"
#include "harness/cgroup/memory_limit.h"
#include "harness/launch/channel_worker.h"
#include "harness/launch/launch_memory.h"
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
using Step = ChannelStep;

constexpr std::uint64_t kMostPayload = 1 << 20;  // bytes put into a channel, but at least one message
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

// Thrown if channels couldn't be made; holds how many there were.
struct Refused {
  std::uint32_t channels = 0;
  std::string why;
};

// Waits until the kernel has freed the memory of ended processes and unmapped regions. That happens once no CPU can use
// it any more, which membarrier(2) waits for.
void wait_for_late_frees() noexcept {
  for (int i = 0; i < 2; ++i) ::syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

// Bytes in use after each part of the channels.
using Levels = std::vector<double>;
struct Curve {
  Levels idle, loaded;                // relative to the origin
  double forked = 0;                  // bytes that the kernel took to fork the two sides
  std::optional<double> payload = 0;  // bytes in all channels; none: partial messages that can't be counted
  double seen_growth = 0;             // bytes by which all channels grew when they were filled
  bool has_broker = false;
  bool capped = false;
  std::uint32_t channels = 0;
};

class Measurement {
 public:
  Measurement(const LaunchRequest& request, const Transport& transport, RunDir& run_dir, const MemoryGroup* group)
      : transport_(transport),
        group_(group),
        config_(session_config(request, run_dir)),
        request_(request),
        spec_{.scenario = Scenario::fill_channel,
              .payload = request.payload,
              .seed = request.seed,
              .message_size = request.spec.size,
              .block_ops = std::max<std::uint64_t>(kMostPayload / std::max<std::size_t>(request.spec.size, 1), 1),
              .clock = request.clock} {
    config_.quiet = 5ms;  // nothing is in transit when channels are drained
  }

  // Measures up to `channels`, as many as can be made. Throws std::system_error, and Refused if there are fewer than
  // two.
  Curve measure(std::uint32_t channels, std::uint32_t parts, bool loads) {
    while (true) {
      try {
        return curve(channels, std::min(parts, channels), loads);
      } catch (const Refused& refused) {
        if (refused.channels < 2 || refused.channels >= channels) throw;
        channels = refused.channels;
      }
    }
  }

  const std::array<BufferSizes, 2>& buffers() const noexcept { return buffers_; }

 private:
  using Sessions = std::vector<std::unique_ptr<Session>>;
  using Pair = std::array<ChannelWorker, 2>;

  Curve curve(std::uint32_t channels, std::uint32_t parts, bool loads) {
    Curve curve{.channels = channels - channels % parts};
    const std::uint32_t part = curve.channels / parts;

    Sessions sessions;
    sessions.reserve(curve.channels);
    const std::array here{::getpid()};
    wait_for_late_frees();
    Levels made = levels(here, parts, [&](std::uint32_t index) { create(sessions, (index + 1) * part); });

    std::vector<pid_t> everyone{::getpid()};
    for (const auto& session : sessions) {
      if (session->broker() == 0) continue;
      everyone.push_back(session->broker());
      curve.has_broker = true;
    }
    const LaunchMemory cells(curve.channels * sizeof(Rendezvous::PairCells), request_.workers);
    WorkerTickets tickets = tickets_of_all(sessions);
    const double before = used_by_kernel();
    Pair workers{worker(Role::producer, tickets, cells), worker(Role::consumer, tickets, cells)};
    tickets = {};  // a worker must see the end of its peer
    const auto both = [&](const ChannelOrder& order) { carry_out(workers, order); };
    both({Step::open, 0});  // waits until both have started
    everyone.insert(everyone.end(), {workers[0].pid(), workers[1].pid()});
    wait_for_late_frees();
    curve.forked = used_by_kernel() - before;
    curve.idle = levels(everyone, parts, [&](std::uint32_t index) {
      both({Step::open, (index + 1) * part});
      for (std::uint32_t i = index * part; i < (index + 1) * part; ++i) sessions[i]->attached();
      wait_for_late_frees();
    });
    for (std::size_t i = 0; i < parts; ++i) curve.idle[i] += made[i];
    if (loads) load(curve, workers, everyone, parts);
    return curve;
  }

  void load(Curve& curve, Pair& workers, std::span<const pid_t> everyone, std::uint32_t parts) {
    const std::uint32_t part = curve.channels / parts;
    std::uint64_t messages = 0;
    const auto tell = [&](ChannelWorker& worker, const ChannelOrder& order) {
      worker.send(order);
      const ChannelReply reply = worker.receive();
      if (reply.failed) throw Refused{.channels = 0, .why = reply.text.data()};
      if (order.step != Step::weigh) note(worker, reply);
      return reply;
    };
    const auto queued = [&] {
      std::uint64_t bytes = 0;
      for (ChannelWorker& worker : workers) bytes += tell(worker, {Step::weigh, curve.channels}).queued;
      return bytes;
    };
    const std::uint64_t before = queued();
    curve.loaded = levels(everyone, parts, [&](std::uint32_t index) {
      const ChannelReply filled = tell(workers[0], {Step::fill, (index + 1) * part});
      messages = filled.messages;
      curve.capped = !filled.full;
      tell(workers[1], {Step::open, curve.channels});  // only to learn what has arrived
    });
    const Capabilities capabilities = transport_.capabilities(config_.options);
    const std::uint64_t lying = queued();
    if (!capabilities.reliable) {
      messages = tell(workers[1], {Step::drain, curve.channels}).messages;
      curve.capped = false;
    }
    curve.seen_growth = curve.loaded.back();
    for (std::size_t i = 0; i < parts; ++i) curve.loaded[i] += curve.idle[i];
    curve.payload = payload_of(curve, messages, lying - std::min(before, lying), capabilities.shape);
  }

  // Returns the payload in the channels. A sender that stopped in the middle of a message has stored a part of it; in a
  // stream, that is what lies beyond the whole messages.
  std::optional<double> payload_of(const Curve& curve, std::uint64_t messages, std::uint64_t lying, Shape shape) const {
    const auto size = static_cast<std::uint64_t>(spec_.message_size);
    const std::uint64_t whole = messages * size;
    const bool offered_one = spec_.block_ops == 1;  // some channels may have taken all of it, others a part
    if (shape == Shape::byte_stream && (!curve.capped || offered_one)) {
      if (offered_one) return static_cast<double>(std::clamp(lying, whole, curve.channels * size));
      return static_cast<double>(std::max(whole, std::min(lying, whole + curve.channels * size)));
    }
    if (messages == 0) return std::nullopt;
    return static_cast<double>(whole);
  }

  // Made when the sessions' memory has been measured: tickets are no part of a channel.
  static WorkerTickets tickets_of_all(const Sessions& sessions) {
    WorkerTickets tickets;
    for (const auto& session : sessions) {
      try {
        WorkerTickets pair = tickets_of(*session);
        for (std::size_t side = 0; side < 2; ++side) tickets[side].push_back(std::move(pair[side].front()));
      } catch (const std::system_error& error) {
        throw Refused{.channels = static_cast<std::uint32_t>(tickets[1].size()), .why = error.what()};
      }
    }
    return tickets;
  }

  ChannelWorker worker(Role role, WorkerTickets& tickets, const LaunchMemory& cells) const {
    WorkerOrders orders = orders_for(request_, role);
    orders.task = WorkerTask::hold_channels;
    orders.cpu = -1;
    orders.quiet = config_.quiet;
    // Looking at a descriptor takes about 2 KiB of kernel memory, which a control group would count.
    orders.sees_buffers = group_ == nullptr;
    orders.channels = static_cast<std::uint32_t>(tickets[static_cast<std::size_t>(role)].size());
    orders.spec = spec_;
    return {request_.workers, orders, tickets, cells};
  }

  void create(Sessions& sessions, std::uint32_t until) {
    while (sessions.size() < until) {
      try {
        sessions.push_back(transport_.create(config_));
      } catch (const std::system_error& error) {
        throw Refused{.channels = static_cast<std::uint32_t>(sessions.size()), .why = error.what()};
      }
    }
  }

  static std::string why_unlike(const ChannelReply& reply) {
    const std::string limits = limits_text(limits_behind({&reply.unlike, 1}));
    return fmt::format("only {} channels have buffers of one size{}{}", reply.alike, limits.empty() ? "" : ": ",
                       limits);
  }

  // Lets both act at once, since each may need the other. If one fails, the other would wait forever.
  void carry_out(Pair& workers, const ChannelOrder& order) {
    for (ChannelWorker& worker : workers) worker.send(order);
    std::array<pollfd, 2> fds{{{.fd = workers[0].fd(), .events = POLLIN, .revents = 0},
                               {.fd = workers[1].fd(), .events = POLLIN, .revents = 0}}};
    for (int left = 2; left > 0;) {
      if (::poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) throw_errno("poll on two workers");
      for (std::size_t side = 0; side < 2; ++side) {
        if (fds[side].revents == 0) continue;
        const ChannelReply reply = workers[side].receive();
        if (reply.failed) throw Refused{.channels = order.channels / 2, .why = reply.text.data()};
        if (reply.alike < order.channels) throw Refused{.channels = reply.alike, .why = why_unlike(reply)};
        buffers_[side] = reply.buffers;
        note(workers[side], reply);
        fds[side] = {.fd = -1, .events = 0, .revents = 0};
        --left;
      }
    }
  }

  // Returns the bytes in use after each part, relative to the start.
  template <class Part>
  Levels levels(std::span<const pid_t> participants, std::uint32_t parts, Part do_part) {
    const double origin = used(participants);
    Levels levels;
    for (std::uint32_t index = 0; index < parts; ++index) {
      do_part(index);
      levels.push_back(used(participants) - origin);
    }
    return levels;
  }

  void note(const ChannelWorker& worker, const ChannelReply& reply) {
    kernel_bytes_[worker.pid()] = reply.kernel_bytes;
  }

  double used(std::span<const pid_t> participants) {
    if (group_ != nullptr) return static_cast<double>(group_->bytes());
    std::uint64_t sum = 0;
    for (const pid_t pid : participants) sum += proportional_data_size(pid) + kernel_bytes_[pid];
    return static_cast<double>(sum);
  }

  // Returns the kernel memory in use; 0 without a control group.
  double used_by_kernel() const { return group_ == nullptr ? 0 : static_cast<double>(group_->usage().kernel); }

  const Transport& transport_;
  const MemoryGroup* group_;
  SessionConfig config_;
  const LaunchRequest& request_;
  LoopSpec spec_;
  std::map<pid_t, std::uint64_t> kernel_bytes_;  // as each worker last reported
  std::array<BufferSizes, 2> buffers_{};         // of a channel, by Role
};

// Returns the kernel memory per channel that two sides inherit by fork, from two numbers of channels. Opening their
// ends frees a part of it, for example a mapping in which the sides meet.
double inherited_by(const Curve& few, const Curve& many) {
  if (many.channels <= few.channels) return 0;
  return (many.forked - few.forked) / (many.channels - few.channels);
}

struct Slope {
  double bytes = 0, error = 0;  // per channel
};

// Returns the bytes per channel, `inherited` included. None if that is under kBookkeeping, or if a part of the channels
// adds less than the residual of the line.
std::optional<Slope> slope_of(const Levels& levels, std::uint32_t channels, double inherited) {
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
const char* seen_objects(const Curve& curve, const Transport& transport, bool by_group, bool loads) {
  if (by_group) return "all";
  if (!loads || curve.has_broker) return "none";
  const double payload = curve.payload.value_or(0);
  if (transport.info().family == kMapped) return curve.loaded.back() >= payload ? "contents" : "none";
  return payload > 0 && curve.seen_growth >= payload ? "contents" : "none";
}

// Returns how many channels fit into the available memory. Throws Refused for fewer than two.
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
    throw Refused{.channels = 0, .why = fmt::format("{}, two channels need {}", limit->limit, buffers + 2 * channel)};
  }
  return static_cast<std::uint32_t>(std::min(fit(memory.all.bytes), fit(memory.each.bytes)));
}

void allow_many_descriptors() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
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
  Measurement measurement(request, transport, run_dir, group);
  const Curve few = measurement.measure(std::min(kFewChannels, fitting), 1, loads);
  const Levels& all = loads ? few.loaded : few.idle;
  const double bytes = std::max(all.back(), 0.0) / few.channels;
  const std::uint32_t most =
      std::min({loads ? kMostLoadedChannels : kMostIdleChannels, fitting, most_channels_of(request.spec.size)});
  const Curve curve = measurement.measure(channels_for(bytes, most), kChannelParts, loads);
  const double inherited = inherited_by(few, curve);
  const auto idle = slope_of(curve.idle, curve.channels, inherited);
  answer.channels = curve.channels;
  answer.buffers = measurement.buffers();
  answer.has_idle = idle.has_value();
  answer.idle = idle.value_or(Slope{}).bytes;
  answer.idle_error = idle.value_or(Slope{}).error;
  copy_text(answer.kernel_objects, seen_objects(curve, transport, group != nullptr, loads));
  if (loads) {
    const auto loaded = slope_of(curve.loaded, curve.channels, inherited);
    answer.has_loaded = loaded.has_value();
    answer.loaded = loaded.value_or(Slope{}).bytes;
    answer.loaded_error = loaded.value_or(Slope{}).error;
    answer.has_payload = curve.payload.has_value();
    answer.payload = curve.payload.value_or(0) / curve.channels;
    answer.capped = curve.capped;
  }
  if (!answer.has_idle || (loads && !answer.has_loaded)) {
    copy_text(answer.reason,
              fmt::format("less than can be told apart from noise and bookkeeping with {} channels{}", curve.channels,
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
    } catch (const Refused& refused) {
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
