// Checks what a transport says of more than two processes: who may send to an object, and who may receive from it.

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>

#include <gtest/gtest.h>

#include "harness/process/child.h"
#include "results/figures/statistics.h"
#include "scenarios/casts/cast_message.h"
#include "scenarios/list/cast.h"
#include "tests/conformance/subject.h"

namespace ipcbench {
namespace {

// Spinners that share a CPU take turns by the scheduler's tick.
bool sleeps(const Subject& subject) {
  return subject.wait == WaitStrategy::block || subject.wait == WaitStrategy::poll;
}

class Casts : public Conformance {
 protected:
  // Runs a launch of a scenario with these options, and expects that everything came once.
  void expect_all(Scenario scenario, std::vector<std::pair<std::string, std::string>> options) {
    const LaunchRecord launch = launch_of(scenario, std::move(options));
    ASSERT_EQ(launch.status, Status::ok) << launch.reason;
    EXPECT_GT(launch.verified, 0u);
    EXPECT_EQ(launch.sent, 600u);
    if (can().reliable && can().when_full != WhenFull::merges) {
      EXPECT_EQ(launch.verified, launch.sent);
    }
  }

  // Runs an open loop, and expects that each message that came has its time.
  void expect_all_by_schedule(std::vector<std::pair<std::string, std::string>> options) {
    options.emplace_back("rate", "20000");
    const LaunchRecord launch = launch_of(Scenario::rate, std::move(options));
    ASSERT_EQ(launch.status, Status::ok) << launch.reason;
    EXPECT_EQ(launch.sent, 600u);
    if (can().reliable) {
      EXPECT_EQ(launch.verified, launch.sent);
    }
    ASSERT_TRUE(launch.load && launch.cast);
    EXPECT_DOUBLE_EQ(*launch.load->offered_per_s, 20'000);
    if (launch.load->overloaded) return;  // it has no times
    EXPECT_EQ(count_of(launch.load->response), launch.verified);
    EXPECT_EQ(count_of(launch.load->lateness), launch.sent);
    for (const SeatRecord& seat : launch.cast->seats) {
      EXPECT_EQ(seat.p50_ns.has_value(), seat.role == kProducerSeat) << seat.role << " " << seat.index;
    }
  }

 private:
  LaunchRecord launch_of(Scenario scenario, std::vector<std::pair<std::string, std::string>> options) {
    const std::size_t size = std::clamp<std::size_t>(64, std::max(CastHeader::kSize, can().min_message), largest());
    return run({.scenario = scenario, .size = size, .ops = 600, .pinned = false, .options = std::move(options)});
  }
};

class ManySenders : public Casts {};
IPCBENCH_CONFORMANCE(ManySenders, [](const Subject& subject) { return sleeps(subject) && subject.can().many_senders; });

TEST_P(ManySenders, ReachOneReceiver) { expect_all(Scenario::fan_in, {{"producers", "3"}, {"sharing", "shared"}}); }

TEST_P(ManySenders, ReachAnInboxEach) {
  expect_all(Scenario::many_to_many, {{"consumers", "2"}, {"producers", "3"}, {"sharing", "inbox"}});
}

// A notification doesn't say who asks.
class ManyClients : public Casts {};
IPCBENCH_CONFORMANCE(ManyClients, [](const Subject& subject) {
  return sleeps(subject) && subject.can().many_senders && subject.can().carries_payload;
});

TEST_P(ManyClients, SendByASchedule) { expect_all_by_schedule({{"producers", "3"}, {"sharing", "shared"}}); }

TEST_P(ManyClients, SendToAnInboxEachByASchedule) {
  expect_all_by_schedule({{"consumers", "2"}, {"producers", "3"}, {"sharing", "inbox"}});
}

TEST_P(ManyClients, AreAnsweredEach) { expect_all(Scenario::server, {{"producers", "3"}, {"sharing", "shared"}}); }

class ManyReceivers : public Casts {};
IPCBENCH_CONFORMANCE(ManyReceivers, [](const Subject& subject) {
  return sleeps(subject) && subject.can().many_receivers && subject.can().many_senders;
});

TEST_P(ManyReceivers, DivideTheMessagesOfOneSender) {
  expect_all(Scenario::fan_out, {{"consumers", "3"}, {"sharing", "shared"}});
}

TEST_P(ManyReceivers, DivideTheMessagesOfManySenders) {
  expect_all(Scenario::many_to_many, {{"consumers", "2"}, {"producers", "3"}, {"sharing", "shared"}});
}

TEST_P(ManyReceivers, DivideWhatIsSentByASchedule) {
  if (!can().carries_payload) GTEST_SKIP() << "a notification has no time of its own";
  expect_all_by_schedule({{"consumers", "2"}, {"producers", "3"}, {"sharing", "shared"}});
}

class OneToMany : public Casts {};
IPCBENCH_CONFORMANCE(OneToMany, [](const Subject& subject) { return sleeps(subject) && subject.can().one_to_many; });

TEST_P(OneToMany, EveryReceiverGetsEveryMessage) {
  expect_all(Scenario::fan_out, {{"consumers", "3"}, {"deliver", "all"}, {"sharing", "shared"}});
}

class ContendedLocks : public Casts {};
IPCBENCH_CONFORMANCE(ContendedLocks, [](const Subject& subject) { return sleeps(subject) && subject.can().locks; });

TEST_P(ContendedLocks, LetInOneProcessAtATime) {
  expect_all(Scenario::contended, {{"hold", "1us"}, {"producers", "3"}});
}

bool has_channels_at_once(const Subject& subject) {
  const Cast cast{.pattern = {.producers = 3, .consumers = 1, .sharing = Sharing::per_peer}};
  return sleeps(subject) && subject.info().no_streaming.empty() && sharing_refusal(cast, subject.can()).empty();
}

// Several channels that one process waits for at once.
class ManyChannels : public Casts {};
IPCBENCH_CONFORMANCE(ManyChannels, has_channels_at_once);

TEST_P(ManyChannels, AreWaitedForAtOnce) {
  expect_all(Scenario::fan_in, {{"producers", "3"}, {"sharing", "per-peer"}});
}

// Many channels from one process to another, by each way to wait for them.
class WatchedChannels : public Casts {};
IPCBENCH_CONFORMANCE(WatchedChannels, [](const Subject& subject) {
  return sleeps(subject) && subject.info().no_streaming.empty() && usual_mux(subject.can(), subject.wait) &&
         channels_refusal({.channels = 1, .active = 1, .mux = usual_mux(subject.can(), subject.wait)}, subject.can(),
                          subject.wait)
             .empty() &&
         subject.transport().channels_refusal(1, 64, subject.options()).empty();
});

TEST_P(WatchedChannels, BringEachMessageOnce) {
  for (const MuxCall call : {MuxCall::epoll, MuxCall::poll, MuxCall::futex_waitv, MuxCall::spin}) {
    for (const char* active : {"2", "all"}) {
      const std::vector<std::pair<std::string, std::string>> options = {
          {"channels", "7"}, {"active", active}, {"mux", std::string(to_string(call))}};
      const Cast cast{.channels = 7, .active = 7, .mux = call};
      if (!channels_refusal(cast, can(), subject().wait).empty()) continue;
      if (call == MuxCall::spin && two_cpus().producer == two_cpus().consumer) continue;  // rule 8
      SCOPED_TRACE(to_string(call));
      expect_all(Scenario::channels, options);
    }
  }
}

// What the planner counts descriptors by is enough.
TEST_P(WatchedChannels, NeedNoMoreDescriptorsThanTheySay) {
  constexpr std::size_t kChannels = 100, kOthers = 64;
  Child child = Child::spawn("limited", [&] {
    const std::size_t size = std::clamp<std::size_t>(64, CastHeader::kSize, largest());
    const rlim_t most = kChannels * can().descriptors + kOthers;
    const rlimit limit{.rlim_cur = most, .rlim_max = most};
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return 2;
    if (!subject().transport().channels_refusal(kChannels, size, subject().options()).empty()) return 0;
    const std::string mux(to_string(*usual_mux(can(), subject().wait)));
    const LaunchRecord launch = run({.scenario = Scenario::channels,
                                     .size = size,
                                     .ops = 200,
                                     .pinned = false,
                                     .options = {{"channels", "100"}, {"mux", mux}}});
    if (launch.status != Status::ok) std::fprintf(stderr, "%s\n", launch.reason.c_str());
    return launch.status == Status::ok ? 0 : 1;
  });
  EXPECT_EQ(child.wait().code, 0);
}

class ServedChannels : public Casts {};
IPCBENCH_CONFORMANCE(ServedChannels, [](const Subject& subject) {
  return has_channels_at_once(subject) && subject.can().carries_payload;
});

TEST_P(ServedChannels, SendByASchedule) { expect_all_by_schedule({{"producers", "3"}, {"sharing", "per-peer"}}); }

TEST_P(ServedChannels, AreAnsweredEach) { expect_all(Scenario::server, {{"producers", "3"}, {"sharing", "per-peer"}}); }

}  // namespace
}  // namespace ipcbench
