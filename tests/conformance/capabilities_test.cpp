// Checks that a transport's capabilities are consistent and match what it leaves on the host.

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "harness/base/sanitizers.h"
#include "harness/process/child.h"
#include "tests/conformance/worker_pair.h"
#include "tests/support/left_objects.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

class Claims : public Conformance {
 protected:
  // Kills a coordinator after it has created a session, returns what it left, and cleans up.
  LeftObjects left_by_killed_creator() {
    Child creator = Child::spawn("ipcbench-test", [&] {
      const WorkerPair pair(subject(),
                            loop_spec(subject(), Scenario::ping_pong, std::min<std::size_t>(64, largest()), 1),
                            {.created = [] { ::kill(::getpid(), SIGKILL); }});
      return 1;
    });
    EXPECT_EQ(creator.wait().signal, SIGKILL);
    const std::vector<fs::path> found = run_directories(runs());
    EXPECT_EQ(found.size(), 1u);
    if (found.empty()) return {};
    LeftObjects left = objects_of(found.front());
    const RunDir::Cleaned cleaned = RunDir::clean_dead_runs();
    EXPECT_EQ(cleaned.runs, 1) << fmt::format("{}", fmt::join(cleaned.lines, "\n"));
    EXPECT_TRUE(run_directories(runs()).empty());
    return left;
  }
};

TEST_P(Claims, AgreeWithEachOther) {
  const TransportInfo& info = subject().info();
  EXPECT_NE(info.family, "");
  EXPECT_NE(info.summary, "");
  EXPECT_EQ(can().carries_payload, can().shape != Shape::notify);
  EXPECT_EQ(can().keeps_boundaries, can().shape == Shape::message || can().shape == Shape::loan);
  EXPECT_EQ(can().related_only, can().rendezvous == FoundBy::inherited);
  EXPECT_EQ(can().pollable, std::count(info.waits.begin(), info.waits.end(), WaitStrategy::poll) == 1);
  if (!can().carries_payload) {
    EXPECT_EQ(can().min_message, 0u);
    EXPECT_EQ(can().max_message, 0u);
    EXPECT_EQ(can().in_flight_bytes, 0u);
  } else {
    EXPECT_GE(can().min_message, 1u);
    EXPECT_LE(can().min_message, can().max_message);
    EXPECT_NE(can().when_full, WhenFull::merges);
  }
  if (can().when_full == WhenFull::loses) {
    EXPECT_FALSE(can().reliable);
  }
  if (can().persistence == Persistence::file_system) {
    EXPECT_EQ(can().rendezvous, FoundBy::path);
  }
  for (const WaitStrategy wait : info.waits) EXPECT_EQ(std::count(info.waits.begin(), info.waits.end(), wait), 1);
  for (const ScenarioInfo& scenario : offered_scenarios()) {
    for (const OptionInfo& option : scenario.options) {
      EXPECT_EQ(std::ranges::find(info.options, option.name, &OptionInfo::name), info.options.end())
          << option.name << " is an option of " << scenario.name;
    }
  }
  for (const OptionInfo& option : info.options) {
    if (option.kind != OptionInfo::Kind::choice) continue;
    EXPECT_EQ(std::count(option.values.begin(), option.values.end(), option.default_value), 1) << option.name;
  }
}

// Claims about the default options.
class DefaultClaims : public Claims {};
IPCBENCH_CONFORMANCE(DefaultClaims, [](const Subject& subject) { return subject.option.empty(); });

TEST_P(DefaultClaims, OfPersistenceAreWhatAKilledCreatorLeaves) {
  const LeftObjects left = left_by_killed_creator();
  EXPECT_EQ(!left.files.empty(), can().persistence == Persistence::file_system);
  EXPECT_EQ(!left.kernel.empty(), can().persistence == Persistence::kernel);
}

TEST_P(Claims, OfAServiceAreABrokerWhoseTimeIsCounted) {
  for (const Scenario scenario : {Scenario::ping_pong, Scenario::streaming}) {
    if (!offers(scenario)) continue;
    const LaunchRecord record = run({.scenario = scenario, .size = std::min<std::size_t>(64, largest())});
    ASSERT_EQ(record.status, Status::ok) << record.reason;
    ASSERT_EQ(record.broker.has_value(), !can().needs_service.empty());
    if (!record.broker) continue;
    ASSERT_TRUE(record.broker->cpu_ns.has_value());
    ASSERT_TRUE(record.broker->voluntary.has_value());
    EXPECT_GT(*record.broker->cpu_ns, 0);
    if (scenario == Scenario::ping_pong) {
      EXPECT_GT(*record.broker->voluntary, 0u);
    }
  }
}

// Transports without a broker, whose timing would matter: with a fast path those that spin, else those that block.
class CallClaims : public Claims {};
IPCBENCH_CONFORMANCE(CallClaims, [](const Subject& subject) {
  const Capabilities can = subject.can();
  return can.needs_service.empty() && subject.offers(Scenario::ping_pong) &&
         subject.wait == (can.fast_path ? WaitStrategy::spin : WaitStrategy::block);
});

// The count must be exact at any timing; a fast path that never sleeps must make no calls. Windows return credits only
// now and then, so that the test compares equal steps of ops.
TEST_P(CallClaims, OfTheFastPathAreTheSystemCallsMade) {
  constexpr std::uint64_t kStep = 64;
  const bool needs_none = can().fast_path;
  std::vector<std::array<std::uint64_t, 2>> done;
  for (const std::uint64_t ops : {kStep, 2 * kStep, 3 * kStep}) {
    const LaunchRecord record = run({.size = std::min<std::size_t>(64, largest()), .ops = ops, .counts_calls = true});
    if (record.status == Status::skipped) GTEST_SKIP() << record.reason;
    ASSERT_EQ(record.status, Status::ok) << record.reason;
    ASSERT_TRUE(record.calls.has_value());
    EXPECT_EQ(record.calls->timing_dependent, can().fast_path);
    const auto& [producer, consumer] = record.calls->sides;
    for (const CallCount& side : {producer, consumer}) EXPECT_EQ(side.retried.value_or(0), 0u);
    done.push_back({producer.done, consumer.done});
  }
  for (const std::size_t side : {0u, 1u}) {
    // Endpoints that allocate for each message make the sanitizer's allocator map memory now and then.
    if (!kSanitized) {
      EXPECT_EQ(done[1][side] - done[0][side], done[2][side] - done[1][side]);
    }
    EXPECT_EQ(done[0][side] == 0, needs_none);
    if (!needs_none) {
      EXPECT_GE(done[0][side], 2 * kStep) << "neither sends nor receives";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Conformance, Claims, ::testing::ValuesIn(all_subjects()), test_name_of);

}  // namespace
}  // namespace ipcbench
