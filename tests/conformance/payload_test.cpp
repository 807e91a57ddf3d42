// Checks for every transport and wait that what is sent arrives once, in order and intact. Each kind of transport has a
// group of tests.

#include <set>

#include <fmt/core.h>

#include "scenarios/conformance.h"
#include "tests/conformance/worker_pair.h"

namespace ipcbench {
namespace {

class Payloads : public Conformance {
 protected:
  std::set<std::size_t> sizes() const {
    if (!can().carries_payload) return {0};
    // TCP fills a small buffer at the pace of delayed acknowledgements, 40 ms each: megabytes would take a minute.
    const std::size_t most = subject().option == "sndbuf" ? std::min<std::size_t>(128 << 10, largest()) : largest();
    std::set<std::size_t> sizes;
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{8}, std::size_t{64}, std::size_t{4096}, std::size_t{1 << 20}, most}) {
      sizes.insert(std::clamp(size, can().min_message, most));
    }
    return sizes;
  }

  // Runs the loops of scenarios/conformance.h.
  void run_pair(WorkerPair& pair) {
    ASSERT_TRUE(pair.start());
    for (const Role role : {Role::producer, Role::consumer}) {
      const std::optional<ExitStatus> end = pair.end_of(role);
      ASSERT_TRUE(end.has_value()) << "still running after " << pair.side(role).progress << " messages";
      const SideLog& side = pair.side(role);
      ASSERT_TRUE(end->clean()) << describe(*end) << ": failure " << static_cast<int>(side.failure) << " at message "
                                << side.failed_sequence << ' ' << side.text;
    }
  }
};

class RoundTrips : public Payloads {};
IPCBENCH_CONFORMANCE(RoundTrips, [](const Subject& subject) { return subject.offers(Scenario::ping_pong); });

TEST_P(RoundTrips, ArriveIntact) {
  for (const std::size_t size : sizes()) {
    const LaunchRecord record = run({.scenario = Scenario::ping_pong, .size = size});
    EXPECT_EQ(record.status, Status::ok) << size << " bytes: " << record.reason;
    EXPECT_EQ(record.verified, record.ops);
  }
}

// Transports whose answers may have another size than the messages.
class SizedAnswers : public Payloads {};
IPCBENCH_CONFORMANCE(SizedAnswers, [](const Subject& subject) {
  const Capabilities can = subject.can();
  return can.carries_payload && subject.offers(Scenario::ping_pong) && can.min_message != can.max_message;
});

TEST_P(SizedAnswers, ArriveIntact) {
  const std::size_t small = std::max<std::size_t>(can().min_message, 1);
  const std::size_t large = std::min<std::size_t>(largest(), 64 * 1024);
  for (const auto& [size, reply] : {std::pair(small, large), std::pair(large, small)}) {
    const LaunchRecord record = run({.scenario = Scenario::ping_pong, .size = size, .reply = reply});
    EXPECT_EQ(record.status, Status::ok) << size << " bytes answered by " << reply << ": " << record.reason;
    EXPECT_EQ(record.verified, record.ops);
  }
}

class Streams : public Payloads {};
IPCBENCH_CONFORMANCE(Streams, [](const Subject& subject) { return subject.offers(Scenario::streaming); });

TEST_P(Streams, ArriveIntact) {
  for (const std::size_t size : sizes()) {
    const LaunchRecord record = run({.scenario = Scenario::streaming, .size = size});
    EXPECT_EQ(record.status, Status::ok) << size << " bytes: " << record.reason;
    EXPECT_GT(record.verified, 0u);
    EXPECT_EQ(record.sent, record.ops);
    if (can().reliable && can().when_full != WhenFull::merges) {
      EXPECT_EQ(record.verified, record.sent);
    }
  }
}

// Reliable transports whose message size may vary: one loss would change the size of all later messages.
class SizedMessages : public Payloads {};
IPCBENCH_CONFORMANCE(SizedMessages, [](const Subject& subject) {
  const Capabilities can = subject.can();
  return can.carries_payload && can.reliable && can.min_message != can.max_message;
});

TEST_P(SizedMessages, MayChangeTheirSizeFromOneToTheNext) {
  const std::size_t size = std::min<std::size_t>(64 * 1024, largest());
  WorkerPair pair(subject(), loop_spec(subject(), Scenario::conformance, size, few(subject(), 200)));
  run_pair(pair);
}

class Messages : public Payloads {};
IPCBENCH_CONFORMANCE(Messages, [](const Subject& subject) { return subject.can().carries_payload; });

TEST_P(Messages, OneByteLongerThanTheLargestAreRefused) {
  constexpr std::size_t kTryable = 64 << 20;
  const auto refusal = [&](std::size_t size) {
    return size_refusal(subject().transport(), here(), subject().options(), size) +
           subject().transport().option_refusal(subject().wait, size, subject().options());
  };
  if (limit() == kUnlimited) {
    EXPECT_EQ(refusal(kTryable + 1), "");
    return;
  }
  EXPECT_EQ(refusal(limit()), "");
  EXPECT_NE(refusal(limit() + 1), "");
  if (limit() > kTryable) return;
  const LaunchRecord record = run({.scenario = Scenario::ping_pong, .size = limit() + 1});
  EXPECT_NE(record.status, Status::ok) << "the mechanism takes " << limit() + 1 << " bytes";
}

TEST_P(Messages, KeepTheirBoundariesIfThatIsClaimed) {
  const std::size_t size = std::min(kProbeBytes, largest());
  WorkerPair pair(subject(), loop_spec(subject(), Scenario::conformance, size, 0));
  run_pair(pair);
  if (HasFatalFailure()) return;
  const auto [first, second] = probe_sizes(size);
  EXPECT_EQ(pair.log().probe_received, can().keeps_boundaries ? first : first + second);
}

TEST_P(Messages, OvertakeEachOtherIfTypesOrPrioritiesAreClaimed) {
  const std::size_t size = std::min(kProbeBytes, largest());
  WorkerPair pair(subject(), loop_spec(subject(), Scenario::conformance, size, 0));
  run_pair(pair);
  if (HasFatalFailure()) return;
  EXPECT_EQ(pair.log().probe_selected, can().typed ? 2 : 0);
  EXPECT_EQ(pair.log().probe_urgent, can().priorities ? 2 : 0);
}

// Transports that limit how much is in flight, by the mechanism itself or by its endpoint.
class PacedMessages : public Payloads {};
IPCBENCH_CONFORMANCE(PacedMessages, [](const Subject& subject) {
  const Capabilities can = subject.can();
  return can.carries_payload && (can.self_synchronising || can.in_flight_bytes != 0);
});

TEST_P(PacedMessages, WaitForALateReceiver) {
  const std::uint64_t messages = few(subject(), 4096) < 4096 ? 256 : 4096;
  const std::size_t size = std::min(kFloodSize, largest());
  LoopSpec spec = loop_spec(subject(), Scenario::conformance, std::clamp(kProbeBytes, size, largest()), 0);
  spec.warmup_ops = messages;
  WorkerPair pair(subject(), spec);
  run_pair(pair);
  if (HasFatalFailure()) return;
  const std::uint64_t held = pair.log().probe_held;
  if (can().when_full == WhenFull::blocks && messages * size >= 16 << 20) {
    EXPECT_LT(held, messages) << "nothing stops the sender";
  }
  if (subject().option == "window" || subject().option == "depth") {
    EXPECT_EQ(held, std::stoul(subject().value));
  }
  if (can().in_flight_bytes != 0 && messages * size >= can().in_flight_bytes) {
    EXPECT_LE(held * size, can().in_flight_bytes);
    EXPECT_GE(held * size, can().in_flight_bytes / 2);
  }
}

class LossyMessages : public Payloads {};
IPCBENCH_CONFORMANCE(LossyMessages, [](const Subject& subject) { return subject.can().when_full == WhenFull::loses; });

// Sends more than the receiver's buffer holds to a receiver that starts late: some messages arrive, some are lost.
TEST_P(LossyMessages, AreLostToALateReceiver) {
  constexpr std::uint64_t kMessages = 4096;
  LoopSpec spec = loop_spec(subject(), Scenario::conformance, std::min(kFloodSize, largest()), 0);
  spec.warmup_ops = kMessages;
  WorkerPair pair(subject(), spec);
  run_pair(pair);
  if (HasFatalFailure()) return;
  EXPECT_EQ(pair.log().probe_held, kMessages) << "something stops the sender";
  EXPECT_GT(pair.log().probe_received, 0u);
  EXPECT_LT(pair.log().probe_received, kMessages);
}

class Notifications : public Payloads {};
IPCBENCH_CONFORMANCE(Notifications, [](const Subject& subject) {
  return !subject.can().carries_payload && subject.offers(Scenario::streaming);
});

TEST_P(Notifications, ToALateReceiverMergeIfThatIsClaimed) {
  constexpr std::uint64_t kMany = 40'000;  // exceeds the value of a System V semaphore
  LoopSpec spec = loop_spec(subject(), Scenario::conformance, 0, few(subject(), 50));
  spec.warmup_ops = kMany;
  WorkerPair pair(subject(), spec);
  run_pair(pair);
  if (HasFatalFailure()) return;
  if (can().when_full == WhenFull::merges) {
    EXPECT_GT(pair.log().probe_received, 0u);
    EXPECT_LT(pair.log().probe_received, kMany);
  } else {
    EXPECT_EQ(pair.log().probe_received, kMany);
  }
}

}  // namespace
}  // namespace ipcbench
