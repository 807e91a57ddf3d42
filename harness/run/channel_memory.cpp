#include "harness/run/channel_memory.h"

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
#include <vector>

#include <fmt/format.h>

#include "harness/os/child.h"
#include "harness/os/error.h"
#include "harness/os/fixed_text.h"
#include "harness/os/heap.h"
#include "harness/os/mapping.h"
#include "harness/os/memory_group.h"
#include "harness/os/sanitizers.h"
#include "harness/run/channel_worker.h"
#include "harness/run/guarded_child.h"
#include "harness/run/stop.h"
#include "results/statistics.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using Step = ChannelWorker::Step;

constexpr std::uint64_t kMostPayload = 1 << 20;  // bytes put into a channel
constexpr double kMostTotal = 16 << 20;          // bytes of all channels, if there are more than kUsual of them
constexpr std::uint32_t kParts = 4;              // points of a line, besides its origin
constexpr std::uint32_t kFew = 8;                // channels that tell how many to measure
constexpr std::uint32_t kUsual = 64;
constexpr std::uint32_t kMostIdle = 512;
constexpr std::uint32_t kMostLoaded = 128;
constexpr double kBookkeeping = 256;  // bytes: less is the processes' own objects for a channel, of which each has some
constexpr auto kDeadline = 60s;

// What the measuring process hands to the coordinator. Zero: nothing yet.
struct Answer {
  bool done, has_idle, has_loaded, capped;
  double idle, loaded, payload;
  std::uint32_t channels;
  std::array<char, 16> source;
  std::array<char, 256> reason;
};

// What channels couldn't be had for, and how many there were.
struct Refused {
  std::uint32_t channels = 0;
  std::string why;
};

// What ended processes had, and mappings that were given up, are freed when no CPU can still be looking at them;
// membarrier(2) waits for just that.
void wait_for_late_frees() noexcept {
  for (int i = 0; i < 2; ++i) ::syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

// The bytes used after each part of the channels.
using Levels = std::vector<double>;
struct Curve {
  Levels idle, loaded;  // without the origin's level
  double forked = 0;    // bytes that the kernel took for the two sides when they were born
  double payload = 0;   // bytes in all channels
  bool capped = false;
  std::uint32_t channels = 0;
};

class Measurement {
 public:
  Measurement(const LaunchRequest& request, const Transport& transport, RunDir& run_dir, const MemoryGroup* group)
      : transport_(transport),
        group_(group),
        config_(session_config(request, run_dir)),
        spec_{.scenario = Scenario::filling,
              .payload = request.payload,
              .seed = request.seed,
              .message_size = request.spec.size,
              .block_ops = kMostPayload / std::max<std::size_t>(request.spec.size, 1),
              .clock = request.clock} {
    config_.quiet = 5ms;  // nothing is under way when channels are drained
  }

  // As many channels as can be had, up to `channels`. Throws std::system_error, Refused if there aren't two.
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

 private:
  using Sessions = std::vector<std::unique_ptr<Session>>;
  using Workers = std::array<ChannelWorker, 2>;

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
      if (session->broker() != 0) everyone.push_back(session->broker());
    }
    const double before = used_by_kernel();
    Workers workers{worker(Role::producer, sessions), worker(Role::consumer, sessions)};
    const auto both = [&](const ChannelWorker::Order& order) { carry_out(workers, order); };
    both({Step::open, 0});  // they are there
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

  void load(Curve& curve, Workers& workers, std::span<const pid_t> everyone, std::uint32_t parts) {
    const std::uint32_t part = curve.channels / parts;
    std::uint64_t messages = 0;
    const auto tell = [&](ChannelWorker& worker, const ChannelWorker::Order& order) {
      worker.send(order);
      const ChannelWorker::Report report = worker.receive();
      if (report.failed) throw Refused{.channels = 0, .why = report.text.data()};
      note(worker, report);
      return report;
    };
    curve.loaded = levels(everyone, parts, [&](std::uint32_t index) {
      const ChannelWorker::Report filled = tell(workers[0], {Step::fill, (index + 1) * part});
      messages = filled.messages;
      curve.capped = !filled.full;
      tell(workers[1], {Step::open, curve.channels});  // only to say what has come
    });
    if (!transport_.capabilities(config_.options).reliable) {
      messages = tell(workers[1], {Step::drain, curve.channels}).messages;
      curve.capped = false;
    }
    for (std::size_t i = 0; i < parts; ++i) curve.loaded[i] += curve.idle[i];
    curve.payload = static_cast<double>(messages) * static_cast<double>(spec_.message_size);
  }

  ChannelWorker worker(Role role, const Sessions& sessions) const {
    return {role, sessions, spec_, group_ == nullptr ? ChannelWorker::Sees::descriptors : ChannelWorker::Sees::nothing};
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

  // Both at once: each may need the other. One that fails leaves the other waiting.
  void carry_out(Workers& workers, const ChannelWorker::Order& order) {
    for (ChannelWorker& worker : workers) worker.send(order);
    std::array<pollfd, 2> fds{{{.fd = workers[0].fd(), .events = POLLIN, .revents = 0},
                               {.fd = workers[1].fd(), .events = POLLIN, .revents = 0}}};
    for (int left = 2; left > 0;) {
      if (::poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) throw_errno("poll on two workers");
      for (std::size_t side = 0; side < 2; ++side) {
        if (fds[side].revents == 0) continue;
        const ChannelWorker::Report report = workers[side].receive();
        if (report.failed) throw Refused{.channels = order.channels / 2, .why = report.text.data()};
        note(workers[side], report);
        fds[side] = {.fd = -1, .events = 0, .revents = 0};
        --left;
      }
    }
  }

  // How many bytes more than before the first part are used after each.
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

  void note(const ChannelWorker& worker, const ChannelWorker::Report& report) {
    kernel_bytes_[worker.pid()] = report.kernel_bytes;
  }

  double used(std::span<const pid_t> participants) {
    if (group_ != nullptr) return static_cast<double>(group_->bytes());
    std::uint64_t sum = 0;
    for (const pid_t pid : participants) sum += proportional_data_size(pid) + kernel_bytes_[pid];
    return static_cast<double>(sum);
  }

  // 0 where no group tells it.
  double used_by_kernel() const { return group_ == nullptr ? 0 : static_cast<double>(group_->usage().kernel); }

  const Transport& transport_;
  const MemoryGroup* group_;
  SessionConfig config_;
  LoopSpec spec_;
  std::map<pid_t, std::uint64_t> kernel_bytes_;  // as each worker last said
};

// What the kernel needs for each channel that two sides are born with, told by two numbers of channels. It lets go of
// some of that when they have opened theirs: of a mapping where sides meet, say.
double inherited_by(const Curve& few, const Curve& many) {
  if (many.channels <= few.channels) return 0;
  return (many.forked - few.forked) / (many.channels - few.channels);
}

// Bytes per channel, `inherited` ones among them; nothing if that is less than kBookkeeping, or what a part of the
// channels adds less than what the points miss the line by.
std::optional<double> slope_of(const Levels& levels, std::uint32_t channels, double inherited) {
  std::vector<Point> points{{0, 0}};
  const double part = channels / static_cast<double>(levels.size());
  for (const double level : levels) points.push_back({part * static_cast<double>(points.size()), level});
  const Line line = line_through(points);
  const double slope = line.slope + inherited;
  if (slope < kBookkeeping || slope * part <= line.residual) return std::nullopt;
  return slope;
}

std::uint32_t channels_for(double bytes, std::uint32_t most) {
  const double fitting = std::floor(kMostTotal / std::max(bytes, 1.0));
  if (bytes * kUsual > 4 * kMostTotal) return kParts * 2;  // megabytes each: few tell as much
  return static_cast<std::uint32_t>(std::clamp<double>(fitting, kUsual, most));
}

void allow_many_descriptors() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// In the process that measures.
void measure(const LaunchRequest& request, const Transport& transport, RunDir& run_dir, const MemoryGroup* group,
             Answer& answer) {
  ::close(run_dir.lock_fd());
  allow_many_descriptors();
  own_heap();
  if (group != nullptr) group->enter();
  copy_text(answer.source, group != nullptr ? group->source() : "pss");

  const bool loads = transport.info().capabilities.carries_payload;
  Measurement measurement(request, transport, run_dir, group);
  const Curve few = measurement.measure(kFew, 1, loads);
  const Levels& all = loads ? few.loaded : few.idle;
  const double bytes = std::max(all.back(), 0.0) / few.channels;
  const Curve curve = measurement.measure(channels_for(bytes, loads ? kMostLoaded : kMostIdle), kParts, loads);
  const double inherited = inherited_by(few, curve);
  const auto idle = slope_of(curve.idle, curve.channels, inherited);
  answer.channels = curve.channels;
  answer.has_idle = idle.has_value();
  answer.idle = idle.value_or(0);
  if (loads) {
    const auto loaded = slope_of(curve.loaded, curve.channels, inherited);
    answer.has_loaded = loaded.has_value();
    answer.loaded = loaded.value_or(0);
    answer.payload = curve.payload / curve.channels;
    answer.capped = curve.capped;
  }
  if (!answer.has_idle || (loads && !answer.has_loaded)) {
    copy_text(answer.reason,
              fmt::format("less than can be told apart from noise and bookkeeping with {} channels{}", curve.channels,
                          group != nullptr ? "" : ", or in kernel objects that only a control group shows"));
  }
  answer.done = true;
}

ChannelRecord record_of(const Answer& answer) {
  ChannelRecord record{.channels = answer.channels,
                       .capped = answer.capped,
                       .source = answer.source.data(),
                       .reason = answer.reason.data()};
  if (answer.has_idle) record.idle_bytes = answer.idle;
  if (answer.has_loaded) {
    record.loaded_bytes = answer.loaded;
    record.payload_bytes = answer.payload;
  }
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
  std::optional<MemoryGroup> group;
  try {
    if (by_group) group.emplace(run_dir);
  } catch (const std::system_error&) {  // then by set sizes
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
  const bool in_time = ends_within(child, kDeadline);
  if (stop_now()) return {.interrupted = true};
  ChannelOutcome outcome{.record = record_of(answer)};
  if (!answer.done && outcome.record.reason.empty()) {
    outcome.record.reason = in_time ? "the process that measures died" : "took too long";
  }
  return outcome;
}

}  // namespace ipcbench
