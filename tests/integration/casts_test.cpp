// Runs casts through the program: what is refused, what is stored, and that a run goes on where it was stopped.

#include <sys/resource.h>

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/process/affinity.h"
#include "program_run.h"
#include "results/figures/summary.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;

using ::testing::HasSubstr;
using ::testing::SizeIs;

class CastRuns : public ProgramRun {
 protected:
  std::vector<std::string> arguments(std::vector<std::string> more) const {
    more.insert(more.end(), {"--placement", "same-cpu", "--passes", "1", "-o", output()});
    return more;
  }
  // Runs cases of one block each, and returns what they have left.
  Result measure(const std::vector<std::string>& more) {
    EXPECT_EQ(run(arguments(more)), 0) << err();
    return load_result(output());
  }
  std::string why_skipped(const std::vector<std::string>& more) {
    EXPECT_EQ(run(arguments(more)), 77) << err();
    return load_result(output()).cases.front().reason;
  }
};

TEST_F(CastRuns, StoreEachSeat) {
  const Result result =
      measure({"--scenario", "fan-in", "--transport", "pipe", "--size", "64", "--option", "producers=3"});
  ASSERT_THAT(result.cases, SizeIs(1));
  const CaseRecord& c = result.cases.front();
  EXPECT_EQ(c.id, "fan-in/pipe/block/64/same-cpu/producers=3/sharing=shared");
  ASSERT_TRUE(c.seat_cpus.has_value());
  EXPECT_THAT(*c.seat_cpus, SizeIs(4));
  const LaunchRecord& launch = c.launches.front();
  ASSERT_TRUE(launch.cast.has_value());
  ASSERT_THAT(launch.cast->seats, SizeIs(4));
  std::uint64_t sent = 0;
  for (std::size_t i = 0; i < 3; ++i) sent += launch.cast->seats[i].ops;
  EXPECT_EQ(sent, launch.verified);
  EXPECT_EQ(launch.cast->seats[3].ops, launch.verified);
  EXPECT_GT(*c.summary.fairness.median, 0.3);
  EXPECT_TRUE(c.summary.messages_per_s.median.has_value());
}

TEST_F(CastRuns, HaveATableAndFiguresForRows) {
  const Result result = measure({"--scenario", "server", "--transport", "pipe,posix-shm", "--size", "64", "--option",
                                 "producers=2,service=10us"});
  EXPECT_THAT(out(), AllOf(HasSubstr("Server: many ask one, same-cpu"), HasSubstr("2 to 1, 64 B, service 10us busy"),
                           HasSubstr("per-peer"), HasSubstr("shared")));
  for (const CaseRecord& c : result.cases) {
    EXPECT_FALSE(c.launches.front().mean_ns) << c.id << ": each request is stamped";
    EXPECT_GT(c.launches.front().mean_stamped_ns.value_or(0), 10e3) << c.id;
  }
}

TEST_F(CastRuns, SayWhyAFormCanNotBeMeasured) {
  EXPECT_THAT(why_skipped({"--scenario", "fan-in", "--transport", "pipe", "--size", "8KiB"}),
              HasSubstr("messages of more than 4 KiB are torn"));
  EXPECT_THAT(why_skipped({"--scenario", "fan-in", "--transport", "pipe", "--size", "4"}),
              HasSubstr("at least 8 bytes"));
  EXPECT_THAT(
      why_skipped({"--scenario", "fan-in", "--transport", "unix-stream", "--size", "64", "--option", "sharing=shared"}),
      HasSubstr("two processes at most have an object in common"));
  EXPECT_THAT(why_skipped({"--scenario", "fan-in", "--transport", "pipe", "--size", "64", "--option", "sharing=inbox"}),
              HasSubstr("with one consumer an inbox is sharing=shared"));
  EXPECT_THAT(why_skipped({"--scenario", "fan-in", "--transport", "pipe", "--wait", "spin", "--size", "64"}),
              HasSubstr("spin needs a CPU for each seat"));
}

TEST_F(CastRuns, SendByASchedule) {
  const Result result = measure({"--scenario", "rate", "--transport", "pipe", "--size", "64", "--option",
                                 "producers=3,rate=3000,schedule=poisson"});
  ASSERT_THAT(result.cases, SizeIs(1));
  const CaseRecord& c = result.cases.front();
  EXPECT_EQ(c.id, "rate/pipe/block/64/same-cpu/producers=3/rate=3000/schedule=poisson/sharing=shared");
  const LaunchRecord& launch = c.launches.front();
  ASSERT_TRUE(launch.load && launch.cast);
  EXPECT_EQ(launch.verified, c.ops);
  EXPECT_DOUBLE_EQ(*launch.load->offered_per_s, 3000);
  ASSERT_THAT(launch.cast->seats, SizeIs(4));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(launch.cast->seats[i].ops, c.ops / 3);
  EXPECT_THAT(out(), AllOf(HasSubstr("3000/s, 3 to 1, poisson, one-way, pacer sleep"), HasSubstr("pipe shared")));
}

// A producer that has to wait for room is behind its schedule, and the rate is not sustained.
TEST_F(CastRuns, SayThatARateIsNotSustained) {
  const Result result =
      measure({"--scenario", "rate", "--transport", "pipe", "--size", "64", "--option", "producers=3,rate=100M"});
  const CaseRecord& c = result.cases.front();
  EXPECT_TRUE(c.launches.front().load->overloaded);
  EXPECT_FALSE(c.summary.response_p50.median);
  EXPECT_FALSE(c.summary.worst_seat_p99.median);
  EXPECT_THAT(c.summary.worst_seat_p99.reason, HasSubstr("a rate that isn't sustained has no latency"));
}

TEST_F(CastRuns, RefuseMoreSeatsThanALaunchHas) {
  EXPECT_EQ(run(arguments({"--scenario", "fan-in", "--transport", "pipe", "--option", "producers=300"})), 2);
  EXPECT_THAT(err(), HasSubstr("300 is more than 255"));
  EXPECT_THAT(why_skipped({"--scenario", "many-to-many", "--transport", "pipe", "--size", "64", "--option",
                           "producers=200,consumers=200"}),
              HasSubstr("at most 256 seats"));
}

TEST_F(CastRuns, KeepPlacementsOfCastsFromPairs) {
  EXPECT_EQ(
      run({"--scenario", "ping-pong", "--transport", "pipe", "--placement", "split", "--passes", "1", "-o", output()}),
      77);
  if (allowed_cpus().size() < 2) return;
  EXPECT_THAT(load_result(output()).cases.front().reason, HasSubstr("only casts are placed split"));
}

TEST_F(CastRuns, WaitForManyChannels) {
  const Result result = measure({"--scenario", "channels", "--transport", "pipe", "--size", "64", "--option",
                                 "capacity=4KiB,channels=300,active=2,active=300,mux=epoll,mux=poll"});
  ASSERT_THAT(result.cases, SizeIs(4));
  const std::string begin = "channels/pipe/block/64/same-cpu/";
  EXPECT_EQ(result.cases.front().id, begin + "active=2/capacity=4096/channels=300/mux=epoll");
  for (const CaseRecord& c : result.cases) {
    EXPECT_EQ(c.status, Status::ok) << c.id << ": " << c.reason;
    EXPECT_EQ(c.id.find("active=300"), std::string::npos) << "as many as there are is the default";
    ASSERT_TRUE(c.seat_cpus.has_value());
    EXPECT_THAT(*c.seat_cpus, SizeIs(2)) << c.id;
    const LaunchRecord& launch = c.launches.front();
    EXPECT_EQ(launch.verified, launch.sent) << c.id;
    EXPECT_TRUE(c.summary.messages_per_s.median.has_value()) << c.id;
  }
  EXPECT_THAT(out(), AllOf(HasSubstr("Channels: one waits for many, same-cpu"),
                           HasSubstr("300 channels, 2 active, 64 B, block"), HasSubstr("poll")));
}

TEST_F(CastRuns, SayWhyManyChannelsCanNotBeWaitedFor) {
  const auto why = [&](const std::string& transport, const std::string& options) {
    return why_skipped({"--scenario", "channels", "--transport", transport, "--size", "64", "--option", options});
  };
  EXPECT_THAT(why("posix-shm", "channels=129"), HasSubstr("futex_waitv watches at most 128 channels"));
  EXPECT_THAT(why("posix-shm", "mux=epoll"), HasSubstr("mux=epoll watches descriptors"));
  EXPECT_THAT(why("pipe", "mux=spin"), HasSubstr("mux=spin needs a CPU for each seat"));
  EXPECT_THAT(why("pipe", "channels=4,active=8"), HasSubstr("active=8 is more than the 4 channels"));
  EXPECT_THAT(why("sysv-mq", "channels=4"), HasSubstr("can't wait for several channels of this kind"));
  EXPECT_THAT(why("udp", "channels=4"), HasSubstr("may be lost"));
  EXPECT_THAT(why("posix-mq", "channels=4096"), HasSubstr("the case needs 4096"));
  EXPECT_EQ(run(arguments({"--scenario", "channels", "--transport", "pipe", "--option", "channels=5000"})), 2);
  EXPECT_THAT(err(), HasSubstr("5000 is more than 4096"));
}

TEST_F(CastRuns, TakeALockInTurn) {
  const Result result = measure(
      {"--scenario", "contended", "--transport", "mutex", "--option", "hold=1us,kind=plain,producers=3,think=1us"});
  ASSERT_THAT(result.cases, SizeIs(1));
  const CaseRecord& c = result.cases.front();
  EXPECT_EQ(c.id, "contended/mutex/block/0/same-cpu/hold=1us/kind=plain/producers=3/think=1us");
  ASSERT_THAT(c.launches, SizeIs(1));
  const LaunchRecord& launch = c.launches.front();
  EXPECT_EQ(launch.verified, launch.sent);
  ASSERT_TRUE(launch.cast && launch.lock);
  EXPECT_GT(launch.lock->turns, 0u);
  EXPECT_LE(launch.lock->handovers, launch.lock->turns);
  ASSERT_THAT(launch.cast->seats, SizeIs(3));
  std::uint64_t turns = 0;
  for (const SeatRecord& seat : launch.cast->seats) turns += seat.ops;
  EXPECT_EQ(turns, launch.verified);
  EXPECT_LT(*c.summary.turns_per_s.median, 1e6) << "the lock is held for 1 us";
  EXPECT_TRUE(c.summary.fairness.median.has_value());
  EXPECT_THAT(out(), AllOf(HasSubstr("Contended: many take one lock, same-cpu"),
                           HasSubstr("3 processes, hold 1us, think 1us, block"), HasSubstr("mutex kind=plain")));
}

TEST_F(CastRuns, SayWhyALockCanNotBeTaken) {
  EXPECT_THAT(why_skipped({"--scenario", "contended", "--transport", "pipe", "--size", "64"}),
              HasSubstr("pipe: it carries messages, and no process has it to itself"));
  EXPECT_THAT(why_skipped({"--scenario", "contended", "--transport", "eventfd"}),
              HasSubstr("eventfd: it notifies, and no process has it to itself"));
  EXPECT_THAT(why_skipped({"--scenario", "contended", "--transport", "futex", "--wait", "spin"}),
              HasSubstr("spin needs a CPU for each seat"));
}

TEST_F(CastRuns, SkipMoreChannelsThanThereMayBeDescriptors) {
  Child child = Child::spawn("limited", [&] {
    const rlimit few{.rlim_cur = 256, .rlim_max = 256};
    if (::setrlimit(RLIMIT_NOFILE, &few) != 0) return 1;
    return run(arguments(
        {"--scenario", "channels", "--transport", "pipe", "--size", "64", "--option", "channels=64,channels=512"}));
  });
  EXPECT_EQ(child.wait().code, 0);
  const Result result = load_result(output());
  ASSERT_THAT(result.cases, SizeIs(2));
  EXPECT_EQ(result.cases[1].status, Status::ok) << result.cases[1].reason;
  EXPECT_THAT(result.cases[0].reason, HasSubstr("RLIMIT_NOFILE, ulimit -Hn, is 256, 512 channels of pipe need 1088"));
}

TEST_F(CastRuns, GoOnWithTheSameSeats) {
  Child child = start({"--scenario", "fan-in,rate", "--transport", "pipe,fifo", "--size", "64", "--placement",
                       "same-cpu", "--option", "producers=2,load=50", "--passes", "6", "-o", output()});
  ASSERT_TRUE(wait_until(child, [&] { return launches_in_journal() >= 2; }));
  ::kill(child.pid(), SIGTERM);
  EXPECT_EQ(child.wait().code, 130);
  EXPECT_EQ(run({"--resume", output()}), 0) << err();
  const Result result = load_result(output());
  expect_whole(result);
  for (const CaseRecord& c : result.cases) EXPECT_THAT(c.seat_cpus.value_or(std::vector<int>{}), SizeIs(3)) << c.id;
}

}  // namespace
}  // namespace ipcbench
