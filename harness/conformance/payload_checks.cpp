// Checks for every transport and wait that what is sent arrives once, in order and intact.

#include <array>
#include <set>

#include "harness/conformance/checks.h"
#include "harness/conformance/worker_pair.h"
#include "scenarios/conformance.h"

namespace ipcbench {
namespace {

bool offers_round_trips(const Subject& subject) { return subject.offers(Scenario::ping_pong); }
bool offers_streams(const Subject& subject) { return subject.offers(Scenario::streaming); }
bool carries_payload(const Subject& subject) { return subject.can().carries_payload; }

bool has_sized_answers(const Subject& subject) {
  const Capabilities can = subject.can();
  return can.carries_payload && subject.offers(Scenario::ping_pong) && can.min_message != can.max_message;
}

// One loss would change the size of all later messages.
bool has_reliable_sizes(const Subject& subject) {
  const Capabilities can = subject.can();
  return can.carries_payload && can.reliable && can.min_message != can.max_message;
}

// Something limits how much is in flight: the mechanism itself or its endpoint.
bool is_paced(const Subject& subject) {
  const Capabilities can = subject.can();
  return can.carries_payload && ((can.self_synchronising && can.reliable) || can.in_flight_bytes != 0);
}

bool loses(const Subject& subject) { return subject.can().when_full == WhenFull::loses; }

bool notifies(const Subject& subject) { return !subject.can().carries_payload && subject.offers(Scenario::streaming); }

// Returns the largest size to try. TCP fills a small buffer at the pace of delayed acknowledgements, 40 ms each:
// there three buffers' worth will do, since megabytes would take a minute.
std::size_t largest_tried(const Trial& trial) {
  const Subject& subject = trial.subject();
  if (subject.option != "sndbuf") return trial.largest();
  return std::min(3 * asked_size(subject.options(), subject.option).value(), trial.largest());
}

std::set<std::size_t> sizes_of(const Trial& trial) {
  if (!trial.can().carries_payload) return {0};
  const std::size_t most = largest_tried(trial);
  std::set<std::size_t> sizes;
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{8}, std::size_t{64}, std::size_t{4096}, std::size_t{1 << 20}, most}) {
    sizes.insert(std::clamp(size, trial.can().min_message, most));
  }
  return sizes;
}

void check_round_trips(const Trial& trial) {
  for (const std::size_t size : sizes_of(trial)) {
    const LaunchRecord record = trial.run({.scenario = Scenario::ping_pong, .size = size});
    require(record.status == Status::ok, "{} bytes: {}", size, record.reason);
    require(record.verified == record.ops, "{} bytes: {} of {} arrived", size, record.verified, record.ops);
  }
}

void check_sized_answers(const Trial& trial) {
  const std::size_t small = std::max<std::size_t>(trial.can().min_message, 1);
  const std::size_t large = std::min<std::size_t>(largest_tried(trial), 64 << 10);
  for (const auto& [size, reply] : {std::pair(small, large), std::pair(large, small)}) {
    const LaunchRecord record = trial.run({.scenario = Scenario::ping_pong, .size = size, .reply = reply});
    require(record.status == Status::ok, "{} bytes answered by {}: {}", size, reply, record.reason);
    require(record.verified == record.ops, "{} bytes answered by {}: {} of {} arrived", size, reply, record.verified,
            record.ops);
  }
}

void check_streams(const Trial& trial) {
  const Capabilities can = trial.can();
  for (const std::size_t size : sizes_of(trial)) {
    const LaunchRecord record = trial.run({.scenario = Scenario::streaming, .size = size});
    require(record.status == Status::ok, "{} bytes: {}", size, record.reason);
    require(record.verified > 0, "{} bytes: nothing arrived", size);
    require(record.sent == record.ops, "{} bytes: {} of {} were sent", size, record.sent, record.ops);
    if (can.reliable && can.when_full != WhenFull::merges) {
      require(record.verified == record.sent, "{} bytes: {} of {} arrived", size, record.verified, record.ops);
    }
  }
}

// Probes are what the loops of scenarios/conformance.h have seen: see RunLog.
struct Probes {
  std::uint64_t received, held, selected, urgent;
};

Probes probes_of(const Trial& trial, std::size_t size, std::uint64_t exchanged, std::uint64_t flooded) {
  trial.need_loop();
  LoopSpec spec = loop_spec(trial.subject(), Scenario::conformance, size, exchanged);
  spec.warmup_ops = flooded;
  WorkerPair pair(trial, spec);
  pair.start();
  pair.finish();
  const RunLog& log = pair.log();
  return {log.probe_received, log.probe_held, log.probe_selected, log.probe_urgent};
}

void check_varying_sizes(const Trial& trial) {
  probes_of(trial, std::min<std::size_t>(64 * 1024, trial.largest()), few(trial.subject(), 200), 0);
}

void check_too_large(const Trial& trial) {
  constexpr std::size_t kTryable = 64 << 20;
  const Subject& subject = trial.subject();
  const std::size_t limit = trial.limit();
  const auto refusal = [&](std::size_t size) {
    return size_refusal(subject.transport(), trial.here(), subject.options(), size) +
           subject.transport().option_refusal(subject.wait, size, subject.options());
  };
  if (limit == kUnlimited) return require(refusal(kTryable + 1).empty(), "{}", refusal(kTryable + 1));
  require(refusal(limit).empty(), "{}", refusal(limit));
  require(!refusal(limit + 1).empty(), "{} bytes are not refused", limit + 1);
  // A plug-in is never asked for more than it says, and need not refuse it.
  if (limit > kTryable || !subject.is_built_in()) return;
  const LaunchRecord record = trial.run({.scenario = Scenario::ping_pong, .size = limit + 1});
  require(record.status != Status::ok, "the mechanism takes {} bytes", limit + 1);
}

void check_boundaries(const Trial& trial) {
  const std::size_t size = std::min(kProbeBytes, trial.largest());
  const std::uint64_t received = probes_of(trial, size, 0, 0).received;
  const auto [first, second] = probe_sizes(size);
  const std::size_t expected = trial.can().keeps_boundaries ? first : first + second;
  require(received == expected, "after messages of {} and {} bytes one receive returned {}, where {} are claimed",
          first, second, received, expected);
}

void check_overtaking(const Trial& trial) {
  const Probes seen = probes_of(trial, std::min(kProbeBytes, trial.largest()), 0, 0);
  const std::uint64_t selected = trial.can().typed ? 2 : 0, urgent = trial.can().priorities ? 2 : 0;
  require(seen.selected == selected, "asked for the second message's type, message {} came; types are{} claimed",
          seen.selected, selected == 0 ? " not" : "");
  require(seen.urgent == urgent, "the second message being urgent, message {} came; priorities are{} claimed",
          seen.urgent, urgent == 0 ? " not" : "");
}

void check_late_receiver(const Trial& trial) {
  const Subject& subject = trial.subject();
  const Capabilities can = trial.can();
  const std::uint64_t messages = few(subject, 4096) < 4096 ? 256 : 4096;
  const std::size_t size = std::min(kFloodSize, trial.largest());
  const std::uint64_t held = probes_of(trial, std::clamp(kProbeBytes, size, trial.largest()), 0, messages).held;
  if (can.when_full == WhenFull::blocks && messages * size >= 16 << 20) {
    require(held < messages, "nothing stops the sender: {} messages of {} bytes are under way", held, size);
  }
  if (subject.is_built_in() && (subject.option == "window" || subject.option == "depth")) {
    require(std::to_string(held) == subject.value, "{} messages are under way", held);
  }
  if (can.in_flight_bytes != 0 && messages * size >= can.in_flight_bytes) {
    require(held * size <= can.in_flight_bytes && held * size >= can.in_flight_bytes / 2,
            "{} bytes are under way, where {} are claimed", held * size, can.in_flight_bytes);
  }
}

// Sends more than the receiver's buffer holds to a receiver that starts late: some messages arrive, some are lost.
void check_losses(const Trial& trial) {
  constexpr std::uint64_t kMessages = 4096;
  const Probes seen = probes_of(trial, std::min(kFloodSize, trial.largest()), 0, kMessages);
  require(seen.held == kMessages, "something stops the sender after {} messages", seen.held);
  require(seen.received > 0, "nothing arrived");
  require(seen.received < kMessages, "nothing was lost");
}

void check_notifications(const Trial& trial) {
  constexpr std::uint64_t kMany = 40'000;  // exceeds the value of a System V semaphore
  const std::uint64_t received = probes_of(trial, 0, few(trial.subject(), 50), kMany).received;
  if (trial.can().when_full == WhenFull::merges) {
    require(received > 0 && received < kMany, "{} of {} arrived, though merging is claimed", received, kMany);
  } else {
    require(received == kMany, "{} of {} arrived, though merging is not claimed", received, kMany);
  }
}

constexpr std::array kPayloadChecks = {
    ConformanceCheck{.name = "round-trips",
                     .proves = "messages of every size and their answers arrive once, in order and intact",
                     .applies = offers_round_trips,
                     .run = check_round_trips},
    ConformanceCheck{.name = "sized-answers",
                     .proves = "answers may have another size than the messages",
                     .applies = has_sized_answers,
                     .run = check_sized_answers},
    ConformanceCheck{.name = "streams",
                     .proves = "streams of messages of every size arrive in order and intact",
                     .applies = offers_streams,
                     .run = check_streams},
    ConformanceCheck{.name = "varying-sizes",
                     .proves = "the size may change from one message to the next",
                     .scope = CheckScope::own_workers,
                     .applies = has_reliable_sizes,
                     .run = check_varying_sizes},
    ConformanceCheck{.name = "too-large",
                     .proves = "messages over the largest are refused, and the largest is not",
                     .applies = carries_payload,
                     .run = check_too_large},
    ConformanceCheck{.name = "boundaries",
                     .proves = "one receive returns one message exactly where that is claimed",
                     .scope = CheckScope::own_workers,
                     .applies = carries_payload,
                     .run = check_boundaries},
    ConformanceCheck{.name = "overtaking",
                     .proves = "messages overtake each other exactly where types or priorities are claimed",
                     .scope = CheckScope::own_workers,
                     .applies = carries_payload,
                     .run = check_overtaking},
    ConformanceCheck{.name = "late-receiver",
                     .proves = "a sender waits for a receiver that is late, and nothing is lost",
                     .scope = CheckScope::own_workers,
                     .applies = is_paced,
                     .run = check_late_receiver},
    ConformanceCheck{.name = "losses",
                     .proves = "a sender never waits where losing is claimed, and part of the messages arrives",
                     .scope = CheckScope::own_workers,
                     .applies = loses,
                     .run = check_losses},
    ConformanceCheck{.name = "notifications",
                     .proves = "notifications that nobody awaits become one exactly where merging is claimed",
                     .scope = CheckScope::own_workers,
                     .applies = notifies,
                     .run = check_notifications},
};

}  // namespace

std::span<const ConformanceCheck> payload_checks() { return kPayloadChecks; }

}  // namespace ipcbench
