// Checks what a transport says of more than two processes: who may send to an object, and who may receive from it.

#include <sys/resource.h>

#include <algorithm>
#include <array>

#include "harness/base/fixed_text.h"
#include "harness/conformance/checks.h"
#include "harness/memory/mapping.h"
#include "harness/process/child.h"
#include "results/figures/statistics.h"
#include "scenarios/casts/cast_message.h"
#include "scenarios/list/cast.h"

namespace ipcbench {
namespace {

using ScenarioOptions = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t kCastOps = 600;

// Spinners that share a CPU take turns by the scheduler's tick.
bool sleeps(const Subject& subject) {
  return subject.wait == WaitStrategy::block || subject.wait == WaitStrategy::poll;
}

// Returns the size of a message that says who sent it; throws CheckSkipped if the transport's are smaller.
std::size_t cast_message_size(const Trial& trial) {
  if (!trial.can().carries_payload) return 0;
  if (trial.largest() < CastHeader::kSize) throw CheckSkipped(kTooSmallForCasts);
  return std::clamp<std::size_t>(64, std::max(CastHeader::kSize, trial.can().min_message), trial.largest());
}

LaunchRecord launch_of_cast(const Trial& trial, Scenario scenario, ScenarioOptions options) {
  const LaunchRecord record = trial.run({.scenario = scenario,
                                         .size = cast_message_size(trial),
                                         .ops = kCastOps,
                                         .pinned = false,
                                         .options = std::move(options)});
  require(record.status == Status::ok, "{}", record.reason);
  require(record.sent == kCastOps, "{} of {} messages were sent", record.sent, kCastOps);
  require(record.verified > 0, "nothing arrived");
  return record;
}

// Runs a launch of a scenario with these options, of which everything must come once.
void expect_all(const Trial& trial, Scenario scenario, ScenarioOptions options) {
  const LaunchRecord record = launch_of_cast(trial, scenario, std::move(options));
  if (trial.can().reliable && trial.can().when_full != WhenFull::merges)
    require(record.verified == record.sent, "{} of {} messages arrived", record.verified, record.sent);
}

constexpr int kUsualRate = 20'000, kSlowRate = 2'000;  // messages a second

LaunchRecord launch_at_rate(const Trial& trial, ScenarioOptions options, int rate) {
  options.emplace_back("rate", std::to_string(rate));
  LaunchRecord record = launch_of_cast(trial, Scenario::rate, std::move(options));
  require(!trial.can().reliable || record.verified == record.sent, "{} of {} messages arrived", record.verified,
          record.sent);
  return record;
}

// Runs an open loop, of which each message that came must have its time.
void expect_all_by_schedule(const Trial& trial, const ScenarioOptions& options) {
  LaunchRecord record = launch_at_rate(trial, options, kUsualRate);
  // A launch that doesn't keep up has no times.
  const bool is_slow = record.load && record.load->overloaded;
  if (is_slow) record = launch_at_rate(trial, options, kSlowRate);
  require(record.load && record.cast, "the launch has no load, or no seats");
  require(record.load->offered_per_s == (is_slow ? kSlowRate : kUsualRate), "{} messages a second were offered",
          record.load->offered_per_s.value_or(0));
  if (record.load->overloaded)
    throw CheckSkipped(fmt::format("this machine doesn't keep up with {} messages a second", kSlowRate));
  require(count_of(record.load->response) == record.verified && count_of(record.load->lateness) == record.sent,
          "{} of {} messages have a response time", count_of(record.load->response), record.verified);
  for (const SeatRecord& seat : record.cast->seats)
    require(seat.p50_ns.has_value() == (seat.role == kProducerSeat), "{} {} has times, or has none", seat.role,
            seat.index);
}

bool has_many_senders(const Subject& subject) { return sleeps(subject) && subject.can().many_senders; }
// A notification doesn't say who asks.
bool has_many_clients(const Subject& subject) { return has_many_senders(subject) && subject.can().carries_payload; }
bool has_many_receivers(const Subject& subject) { return has_many_senders(subject) && subject.can().many_receivers; }
// A notification has no time of its own.
bool has_timed_receivers(const Subject& subject) {
  return has_many_receivers(subject) && subject.can().carries_payload;
}
bool sends_to_all(const Subject& subject) { return sleeps(subject) && subject.can().one_to_many; }

bool is_lock(const Subject& subject) { return sleeps(subject) && subject.can().locks; }

bool has_channels_at_once(const Subject& subject) {
  const Cast cast{.pattern = {.producers = 3, .consumers = 1, .sharing = Sharing::per_peer}};
  return sleeps(subject) && subject.info().no_streaming.empty() && sharing_refusal(cast, subject.can()).empty();
}
bool has_served_channels(const Subject& subject) {
  return has_channels_at_once(subject) && subject.can().carries_payload;
}

bool has_watched_channels(const Subject& subject) {
  const Capabilities can = subject.can();
  const std::optional<MuxCall> mux = usual_mux(can, subject.wait);
  return sleeps(subject) && subject.info().no_streaming.empty() && mux &&
         channels_refusal({.channels = 1, .active = 1, .mux = mux}, can, subject.wait).empty() &&
         subject.transport().channels_refusal(1, 64, subject.options()).empty();
}

void check_watched_channels(const Trial& trial) {
  for (const MuxCall call : {MuxCall::epoll, MuxCall::poll, MuxCall::futex_waitv, MuxCall::spin}) {
    const Cast cast{.channels = 7, .active = 7, .mux = call};
    if (!channels_refusal(cast, trial.can(), trial.subject().wait).empty()) continue;
    if (call == MuxCall::spin && two_cpus().producer == two_cpus().consumer) continue;  // rule 8
    for (const char* active : {"2", "all"}) {
      expect_all(trial, Scenario::channels,
                 {{"channels", "7"}, {"active", active}, {"mux", std::string(to_string(call))}});
    }
  }
}

// What the planner counts descriptors by is enough.
void check_channel_descriptors(const Trial& trial) {
  constexpr std::size_t kChannels = 100, kOthers = 64, kMostText = 512;
  const Mapping told = Mapping::shared_anonymous(kMostText);
  auto& reason = *reinterpret_cast<char(*)[kMostText]>(told.data());
  const std::size_t size = cast_message_size(trial);
  Child child = Child::spawn("ipcbench-check", [&] {
    const rlim_t most = kChannels * trial.can().descriptors + kOthers;
    const rlimit limit{.rlim_cur = most, .rlim_max = most};
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return 2;
    if (!trial.subject().transport().channels_refusal(kChannels, size, trial.subject().options()).empty()) return 0;
    const std::string mux(to_string(*usual_mux(trial.can(), trial.subject().wait)));
    const LaunchRecord launch = trial.run({.scenario = Scenario::channels,
                                           .size = size,
                                           .ops = 200,
                                           .pinned = false,
                                           .options = {{"channels", "100"}, {"mux", mux}}});
    copy_text(reason, launch.reason);
    return launch.status == Status::ok ? 0 : 1;
  });
  const ExitStatus end = child.wait();
  require(end.clean(), "{}: {}", describe(end), reason);
}

constexpr std::array kCastChecks = {
    ConformanceCheck{.name = "many-senders",
                     .proves = "three senders reach one receiver by one object",
                     .scope = CheckScope::own_workers,
                     .applies = has_many_senders,
                     .run =
                         [](const Trial& trial) {
                           expect_all(trial, Scenario::fan_in, {{"producers", "3"}, {"sharing", "shared"}});
                         }},
    ConformanceCheck{
        .name = "inboxes",
        .proves = "three senders reach two receivers by an inbox each",
        .scope = CheckScope::own_workers,
        .applies = has_many_senders,
        .run =
            [](const Trial& trial) {
              expect_all(trial, Scenario::many_to_many, {{"consumers", "2"}, {"producers", "3"}, {"sharing", "inbox"}});
            }},
    ConformanceCheck{.name = "many-senders-by-schedule",
                     .proves = "three senders reach one receiver by a schedule, and each message has its time",
                     .scope = CheckScope::own_workers,
                     .applies = has_many_clients,
                     .run =
                         [](const Trial& trial) {
                           expect_all_by_schedule(trial, {{"producers", "3"}, {"sharing", "shared"}});
                         }},
    ConformanceCheck{
        .name = "inboxes-by-schedule",
        .proves = "three senders reach two inboxes by a schedule, and each message has its time",
        .scope = CheckScope::own_workers,
        .applies = has_many_clients,
        .run =
            [](const Trial& trial) {
              expect_all_by_schedule(trial, {{"consumers", "2"}, {"producers", "3"}, {"sharing", "inbox"}});
            }},
    ConformanceCheck{.name = "many-clients",
                     .proves = "a server answers each of three clients by one object",
                     .scope = CheckScope::own_workers,
                     .applies = has_many_clients,
                     .run =
                         [](const Trial& trial) {
                           expect_all(trial, Scenario::server, {{"producers", "3"}, {"sharing", "shared"}});
                         }},
    ConformanceCheck{.name = "many-receivers",
                     .proves = "three receivers divide the messages of one sender",
                     .scope = CheckScope::own_workers,
                     .applies = has_many_receivers,
                     .run =
                         [](const Trial& trial) {
                           expect_all(trial, Scenario::fan_out, {{"consumers", "3"}, {"sharing", "shared"}});
                         }},
    ConformanceCheck{.name = "many-to-many",
                     .proves = "two receivers divide the messages of three senders",
                     .scope = CheckScope::own_workers,
                     .applies = has_many_receivers,
                     .run =
                         [](const Trial& trial) {
                           expect_all(trial, Scenario::many_to_many,
                                      {{"consumers", "2"}, {"producers", "3"}, {"sharing", "shared"}});
                         }},
    ConformanceCheck{
        .name = "many-to-many-by-schedule",
        .proves = "two receivers divide what is sent by a schedule, and each message has its time",
        .scope = CheckScope::own_workers,
        .applies = has_timed_receivers,
        .run =
            [](const Trial& trial) {
              expect_all_by_schedule(trial, {{"consumers", "2"}, {"producers", "3"}, {"sharing", "shared"}});
            }},
    ConformanceCheck{
        .name = "one-to-many",
        .proves = "each of three receivers gets every message",
        .scope = CheckScope::own_workers,
        .applies = sends_to_all,
        .run =
            [](const Trial& trial) {
              expect_all(trial, Scenario::fan_out, {{"consumers", "3"}, {"deliver", "all"}, {"sharing", "shared"}});
            }},
    ConformanceCheck{.name = "locks",
                     .proves = "a lock lets in one of three processes at a time",
                     .scope = CheckScope::built_in,
                     .applies = is_lock,
                     .run =
                         [](const Trial& trial) {
                           expect_all(trial, Scenario::contended, {{"hold", "1us"}, {"producers", "3"}});
                         }},
    ConformanceCheck{.name = "channels-at-once",
                     .proves = "a process waits for three channels at once",
                     .scope = CheckScope::own_workers,
                     .applies = has_channels_at_once,
                     .run =
                         [](const Trial& trial) {
                           expect_all(trial, Scenario::fan_in, {{"producers", "3"}, {"sharing", "per-peer"}});
                         }},
    ConformanceCheck{.name = "watched-channels",
                     .proves = "seven channels bring each message once, by each call that waits for them",
                     .scope = CheckScope::own_workers,
                     .applies = has_watched_channels,
                     .run = check_watched_channels},
    ConformanceCheck{.name = "channel-descriptors",
                     .proves = "a hundred channels need no more descriptors than is claimed",
                     .scope = CheckScope::built_in,
                     .applies = has_watched_channels,
                     .run = check_channel_descriptors},
    ConformanceCheck{.name = "channels-by-schedule",
                     .proves = "three channels are sent to by a schedule, and each message has its time",
                     .scope = CheckScope::own_workers,
                     .applies = has_served_channels,
                     .run =
                         [](const Trial& trial) {
                           expect_all_by_schedule(trial, {{"producers", "3"}, {"sharing", "per-peer"}});
                         }},
    ConformanceCheck{.name = "served-channels",
                     .proves = "a server answers each of three clients by a channel of its own",
                     .scope = CheckScope::own_workers,
                     .applies = has_served_channels,
                     .run =
                         [](const Trial& trial) {
                           expect_all(trial, Scenario::server, {{"producers", "3"}, {"sharing", "per-peer"}});
                         }},
};

}  // namespace

std::span<const ConformanceCheck> cast_checks() { return kCastChecks; }

}  // namespace ipcbench
