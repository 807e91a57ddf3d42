// Checks both kinds of workers: what forked ones do, executed ones do as well.

#include "harness/suite/workers.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bad_place.h"
#include "harness/base/sanitizers.h"
#include "harness/files/output_file.h"
#include "harness/launch/channel_memory.h"
#include "harness/launch/launch.h"
#include "harness/process/affinity.h"
#include "harness/sdk/registry.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class BothKinds : public testing::TestWithParam<Workers> {
 protected:
  LaunchRequest request(const CaseSpec& spec, CpuPair cpus = {}) const {
    return {.spec = spec,
            .cpus = cpus,
            .seed = 5,
            .block_ops = 200,
            .warmup_ops = 20,
            .deadline = std::chrono::seconds(60),
            .workers = GetParam()};
  }

  RunDir run_ = RunDir::create();
};
INSTANTIATE_TEST_SUITE_P(Workers, BothKinds, testing::ValuesIn(kAllWorkers),
                         [](const auto& param) { return std::string(to_string(param.param)); });

TEST_P(BothKinds, OpenAChannelFromDescriptorsNamesAndKeys) {
  for (const char* transport : {"pipe", "fifo", "unix-stream", "tcp", "posix-shm", "memfd", "sysv-mq", "signal"}) {
    const CaseSpec spec{.transport = transport,
                        .wait = find_transport(transport)->info().waits.front(),
                        .size = find_transport(transport)->info().capabilities.carries_payload ? 64u : 0u};
    const LaunchRecord record = launch(request(spec), run_).record;
    EXPECT_EQ(record.status, Status::ok) << transport << ": " << record.reason;
    EXPECT_EQ(record.verified, 200u) << transport;
  }
}

TEST_P(BothKinds, CountTheSameSystemCalls) {
  const CaseSpec spec{.transport = "pipe", .size = 64};
  const int cpu = allowed_cpus().front();
  LaunchRequest counting = request(spec, {cpu, cpu});
  counting.counts_calls = true;
  const LaunchRecord record = launch(counting, run_).record;
  if (record.status == Status::skipped) GTEST_SKIP() << record.reason;
  ASSERT_EQ(record.status, Status::ok) << record.reason;
  EXPECT_EQ(record.calls->sides[0].done, 400u) << "a write and a read for each of 200 round trips";
  EXPECT_EQ(record.calls->sides[1].done, 400u);
}

TEST_P(BothKinds, SetUpIsTimedInParts) {
  const CaseSpec spec{.scenario = Scenario::setup, .transport = "unix-stream", .size = 64};
  LaunchRequest setup = request(spec);
  setup.block_ops = 20;
  const LaunchRecord record = launch(setup, run_).record;
  ASSERT_EQ(record.status, Status::ok) << record.reason;
  EXPECT_EQ(record.verified, 20u);
  ASSERT_TRUE(record.setup);
  EXPECT_GT(record.setup->connect_ns, 100);
}

// ChannelMemory.* checks the figures themselves; here they must only be those of a full pipe.
TEST_P(BothKinds, TheMemoryOfAChannelIsSeen) {
  if (kSanitized || kThreadSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  const CaseSpec spec{.transport = "pipe", .size = 64};
  const ChannelRecord channel = measure_channel(request(spec), run_, false).record;
  ASSERT_TRUE(channel.loaded_bytes) << channel.reason;
  ASSERT_TRUE(channel.payload_bytes) << channel.reason;
  EXPECT_GT(*channel.payload_bytes, 0.8 * 65536);
  EXPECT_LE(*channel.payload_bytes, 65536);
  EXPECT_GE(*channel.loaded_bytes, *channel.payload_bytes);
  EXPECT_LT(*channel.loaded_bytes, 2 * 65536);
}

TEST_P(BothKinds, AWorkerThatCantOpenItsSideSaysWhy) {
  const CaseSpec spec{.transport = "posix-shm", .wait = WaitStrategy::block, .size = 64};
  LaunchRequest refused = request(spec, {1 << 20, 1 << 20});
  const LaunchRecord record = launch(refused, run_).record;
  EXPECT_EQ(record.status, Status::crashed);
  EXPECT_EQ(record.phase, Phase::pinning);
  EXPECT_THAT(record.reason, HasSubstr("sched_setaffinity"));
}

// Runs the program itself, whose workers are the same program.
class ProgramWorkers : public BadPlace {
 protected:
  std::vector<std::string> pings(const std::string& transports, const std::vector<std::string>& more) const {
    std::vector<std::string> words = {"--transport", transports, "--scenario", "ping-pong", "--size", "64",
                                      "--placement", "same-cpu", "--passes",   "1",         "-o",     output()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(ProgramWorkers, AreStoredWithEachCase) {
  ASSERT_EQ(run(pings("pipe", {})), 0) << err();
  EXPECT_EQ(load_result(output()).cases.at(0).workers, "fork");
  ASSERT_EQ(run(pings("pipe,unix-stream", {"--workers", "exec"})), 0) << err();
  const Result result = load_result(output());
  EXPECT_THAT(result.cases, AllOf(SizeIs(2), Each(Field(&CaseRecord::workers, "exec"))));
  EXPECT_THAT(out(), HasSubstr("workers exec"));
}

TEST_F(ProgramWorkers, ThatCantBeHandedTheirMemoryAreSkippedByName) {
  EXPECT_EQ(run(pings("mmap-anon", {"--workers", "exec"})), 77) << err();
  EXPECT_THAT(load_result(output()).cases.at(0).reason, HasSubstr("mmap-anon can't be handed to an executed worker"));
}

TEST_F(ProgramWorkers, OfASuiteAreThoseThatItNames) {
  const auto suite = [](const std::string& kind) {
    return "schema = \"ipcbench-suite\"\nversion = 1\nname = \"kinds\"\nblock = \"5ms\"\nbudget = \"20s\"\n" + kind +
           "[[cases]]\nscenarios = [\"ping-pong\"]\ntransports = [\"pipe\"]\nwaits = [\"table\"]\nplacements = "
           "[\"same-cpu\"]\n";
  };
  write_file_atomically(path("kinds.toml"), suite("workers = \"exec\"\n"));
  ASSERT_EQ(run({path("kinds.toml"), "--passes", "1", "-o", output()}), 0) << err();
  EXPECT_EQ(load_result(output()).cases.at(0).workers, "exec");
  ASSERT_EQ(run({path("kinds.toml"), "--workers", "fork", "--passes", "1", "-o", output()}), 0) << err();
  EXPECT_EQ(load_result(output()).cases.at(0).workers, "fork");
  write_file_atomically(path("kinds.toml"), suite("workers = \"exce\"\n"));
  EXPECT_EQ(run({path("kinds.toml"), "-o", output()}), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("kinds.toml:6: workers: unknown kind 'exce'"), HasSubstr("exec")));
}

TEST_F(ProgramWorkers, OfAnUnknownKindAreRefusedWithTheNearest) {
  EXPECT_EQ(run(pings("pipe", {"--workers", "forc"})), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("--workers: unknown kind 'forc'"), HasSubstr("fork")));
}

TEST_F(ProgramWorkers, ThatNobodyStartedEndWithAMessage) {
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "worker"}).wait().code, 2);
  EXPECT_EQ(out(), "");
  EXPECT_THAT(err(), HasSubstr("descriptor 3 has no orders"));
}

// The pipe that tells of a worker's end then has the lowest free numbers, that of the orders among them.
TEST_F(ProgramWorkers, WhoseEndAPipeTellsOfAreMeasured) {
  const Place place = [] { refuse_call(SYS_pidfd_open, EPERM); };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  Child launch = start_words({IPCBENCH_PROGRAM, "measure-launch", "--case", "ping-pong/pipe/block/64/same-cpu",
                              "--messages", "1000", "--seed", "1", "--abi", "1", "--workers", "exec"},
                             place);
  EXPECT_EQ(launch.wait().code, 0) << err();
  EXPECT_THAT(out(), HasSubstr("\"status\": \"ok\""));
}

// A second thread would make every cancellation point of the coordinator's children slower, on glibc by some 20 ns.
TEST_F(ProgramWorkers, AreChildrenOfAProcessWithoutThreads) {
  if (allowed_cpus().size() < 2) GTEST_SKIP() << "needs two CPUs, whose clocks are compared";
  const Place place = [] { refuse_call(SYS_clone3, EPERM); };  // fork() and posix_spawn() do without it
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  EXPECT_EQ(run({"--transport", "pipe,dbus", "--size", "64", "--passes", "1", "-o", output()}, place), 0) << err();
}

TEST_F(ProgramWorkers, WithoutProcAreSkippedWithTheReason) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime needs /proc";
  const Place place = [] {
    own_mounts();
    mount_tmpfs("/proc", "");
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  EXPECT_EQ(run(pings("pipe", {"--workers", "exec"}), place), 77) << err();
  EXPECT_THAT(load_result(output()).cases.at(0).reason, HasSubstr("workers can't be executed: /proc/self/exe"));
}

}  // namespace
}  // namespace ipcbench
