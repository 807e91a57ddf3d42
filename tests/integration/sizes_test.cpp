// Checks every transport of this build with extreme sizes: a case can run, becomes one at the largest message, or is
// refused with a true limit. It also checks what a run makes of them.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <regex>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "harness/cgroup/memory_limit.h"
#include "harness/host/topology.h"
#include "harness/plan/make_plan.h"
#include "harness/plan/plan_time.h"
#include "harness/plan/refusal.h"
#include "harness/run/case_records.h"
#include "harness/sdk/registry.h"
#include "program_run.h"
#include "results/figures/summary.h"
#include "results/files/store.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::size_t kMostBytes = std::numeric_limits<std::size_t>::max();

Suite suite_of_pairs() {
  Suite suite;
  suite.name = "sizes";
  suite.block = std::chrono::milliseconds(5);
  suite.groups.push_back({.scenarios = {Scenario::ping_pong, Scenario::streaming},
                          .transports = {},
                          .waits = {"table"},
                          .sizes = {64},
                          .placements = {"same-cpu"},
                          .options = {}});
  return suite;
}

// Returns the whole numbers that are separate words.
std::vector<std::size_t> numbers_in(const std::string& text) {
  std::vector<std::size_t> numbers;
  const std::regex word("(?:^| )([0-9]+)(?=[ ,;:]|$)");
  for (std::sregex_iterator found(text.begin(), text.end(), word), none; found != none; ++found) {
    numbers.push_back(std::stoull((*found)[1]));
  }
  return numbers;
}

// Checks "LIMIT …, the case needs NUMBER": both numbers are present, and the limit is smaller. If the largest message
// doesn't fit either, there are two such sentences.
void expect_a_true_limit(const std::string& reason, const std::string& id) {
  constexpr std::string_view kThen = "; for one of that size: ";
  if (const std::size_t then = reason.find(kThen); then != std::string::npos) {
    expect_a_true_limit(reason.substr(0, then), id);
    return expect_a_true_limit(reason.substr(then + kThen.size()), id);
  }
  const std::size_t needs = reason.rfind(" needs ");
  ASSERT_NE(needs, std::string::npos) << id << ": " << reason;
  const std::vector<std::size_t> wanted = numbers_in(reason.substr(needs));
  ASSERT_EQ(wanted.size(), 1u) << id << ": " << reason;
  const std::vector<std::size_t> limits = numbers_in(reason.substr(0, needs));
  EXPECT_TRUE(std::ranges::any_of(limits, [&](std::size_t limit) { return limit > 0 && limit < wanted[0]; }))
      << id << ": " << reason;
}

TEST(Sizes, EachIsPlannedMeasuredAtTheLargestOrRefusedWithATrueLimit) {
  const Topology topology = Topology::of_this_machine();
  const MemoryLimits memory = memory_limits();
  std::size_t planned_cases = 0, at_largest = 0, refused = 0;
  for (const RegisteredTransport& entry : registered_transports()) {
    if (entry.transport == nullptr || entry.transport->info().hidden) continue;
    const Transport& transport = *entry.transport;
    const Availability host = transport.probe();
    if (std::holds_alternative<Unavailable>(host)) continue;
    for (const std::size_t size : {std::size_t{1}, (std::size_t{1} << 31) - 1, std::size_t{1} << 31,
                                   std::size_t{1} << 32, std::size_t{1} << 63, kMostBytes}) {
      const Plan plan =
          make_plan(suite_of_pairs(), {.transports = {std::string(entry.name)}, .sizes = {size}}, topology, 1);
      for (const PlannedCase& planned : plan.cases) {
        const std::string id = planned.spec.id();
        if (!transport.info().no_streaming.empty() && planned.spec.scenario == Scenario::streaming) continue;
        const std::size_t own = planned.spec.size;
        if (!planned.skip_reason.empty()) {
          ++refused;
          EXPECT_EQ(own, size) << id;
          EXPECT_FALSE(planned.at_largest) << id;
          expect_a_true_limit(planned.skip_reason, id);
          continue;
        }
        if (!transport.info().capabilities.carries_payload) {
          EXPECT_EQ(own, 0u) << id;
          continue;
        }
        // A planned case is within every limit, by a sum that can't overflow.
        const MemoryNeed need = memory_need(planned.spec, transport);
        EXPECT_LE(need.all, memory.all.bytes + (std::size_t{1} << 30)) << id << " (memory comes and goes)";
        EXPECT_LT(own, std::size_t{1} << 48) << id;
        EXPECT_GT(estimate(plan).total.count(), 0) << id;
        if (own == size) {
          ++planned_cases;
          EXPECT_FALSE(planned.at_largest) << id;
          continue;
        }
        ++at_largest;
        ASSERT_TRUE(planned.at_largest) << id;
        EXPECT_THAT(planned.at_largest->asked, ElementsAre(size)) << id;
        EXPECT_NE(planned.at_largest->limit, "") << id;
        const MessageLimit largest =
            transport.largest_message(std::get<Available>(host), option_values(planned.spec, transport.info()));
        const Capabilities& can = transport.info().capabilities;
        EXPECT_EQ(own, can.min_message == can.max_message ? can.max_message : largest.bytes) << id;
      }
    }
  }
  EXPECT_GT(planned_cases, 20u);
  EXPECT_GT(at_largest, 20u);
  EXPECT_GT(refused, 40u);
}

TEST(Sizes, NothingIsNoSize) {
  const Topology topology = Topology::of_this_machine();
  try {
    make_plan(suite_of_pairs(), {.sizes = {0}}, topology, 1);
    FAIL() << "accepted";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), StartsWith("--size: at least 1"));
  }
  EXPECT_THROW(parse_case("streaming/pipe/block/0/same-cpu"), UsageError);
}

TEST(Sizes, LentMessagesHaveALimitOfTheirOwn) {
  const Transport& loan = *find_transport("memfd-loan");
  const Availability host = loan.probe();
  if (std::holds_alternative<Unavailable>(host)) GTEST_SKIP() << std::get<Unavailable>(host).reason;
  const CaseSpec spec{.scenario = Scenario::streaming, .transport = "memfd-loan", .size = std::size_t{1} << 31};
  const MemoryLimits plenty{.all = {kMostBytes / 2, "plenty"}, .each = {kMostBytes, "plenty"}};
  EXPECT_EQ(message_refusal(spec, loan, host, plenty),
            "the largest message of memfd-loan is 2147483647 B, the case needs 2147483648");
}

TEST(Sizes, AFilesMessageGoesThroughOneCall) {
  const Transport& file = *find_transport("file");
  const auto largest_of = [&](const std::string& capacity) {
    return file.largest_message({}, {{"capacity", capacity}, {"fs", "tmpfs"}});
  };
  EXPECT_EQ(largest_of("16MiB").bytes, (std::size_t{8} << 20) - 8);
  EXPECT_THAT(largest_of("16MiB").reason, HasSubstr("capacity is 16777216 bytes"));
  EXPECT_EQ(largest_of("1024GiB").bytes, std::size_t{0x7ffff000} - 8);
  EXPECT_THAT(largest_of("1024GiB").reason, HasSubstr("one pwrite moves at most 2147479552 bytes"));
  EXPECT_EQ(largest_of("8").bytes, 0u);
}

TEST(Sizes, AUdpWindowsMessageIsTheLargestThatFits) {
  const Transport& udp = *find_transport("udp");
  if (std::holds_alternative<Unavailable>(udp.probe())) GTEST_SKIP() << "no loopback";
  const OptionValues with_window{{"window", "64"}};
  const MessageLimit largest = udp.largest_message({}, with_window);
  EXPECT_LT(largest.bytes, 65507u);
  EXPECT_EQ(udp.option_refusal(WaitStrategy::block, largest.bytes, with_window), "");
  EXPECT_EQ(udp.option_refusal(WaitStrategy::block, largest.bytes + 1, with_window), largest.reason);
  EXPECT_EQ(udp.largest_message({}, {{"window", "0"}}).bytes, 65507u);
}

using AtLargestRuns = ProgramRun;

TEST_F(AtLargestRuns, TheResultTheTablesAndThePlanSayWhatWasAsked) {
  ASSERT_EQ(run(small_suite({"--transport", "udp,pipe", "--scenario", "streaming", "--size", "64,64KiB,1MiB",
                             "--passes", "1", "--progress", "none"})),
            0)
      << err();
  const Result result = load_result(output());
  std::vector<std::string> ids;
  for (const CaseRecord& c : result.cases) ids.push_back(c.id);
  EXPECT_THAT(ids, ElementsAre("streaming/pipe/block/64/same-cpu", "streaming/pipe/block/65536/same-cpu",
                               "streaming/pipe/block/1048576/same-cpu", "streaming/udp/block/64/same-cpu",
                               "streaming/udp/block/65507/same-cpu"));
  const CaseRecord& c = result.cases.at(4);
  ASSERT_TRUE(c.at_largest);
  EXPECT_THAT(c.at_largest->asked, ElementsAre(65536u, 1048576u));
  EXPECT_EQ(c.status, Status::ok);
  EXPECT_EQ(c.launches.at(0).bytes_per_op, 65507u);
  const std::string label = "65507 B, its largest: the largest message of udp is 65507 B; 64 KiB, 1 MiB asked";
  EXPECT_EQ(at_largest_text(c).english, label);
  EXPECT_THAT(out(), AllOf(HasSubstr("Measured at their largest"), HasSubstr("64 KiB, 1 MiB")));

  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "plan", path("small.toml"), "--transport", "udp", "--scenario", "streaming",
                         "--size", "64KiB,1MiB"})
                .wait()
                .code,
            0);
  EXPECT_THAT(out(), AllOf(HasSubstr("Measured at their largest"), HasSubstr("streaming/udp/block/65507/same-cpu"),
                           HasSubstr("64 KiB, 1 MiB"), HasSubstr("the largest message of udp is 65507 B")));
}

TEST_F(AtLargestRuns, ACaseThatIsNamedExactlyIsNeverReplaced) {
  ASSERT_EQ(run(small_suite({"--transport", "udp,pipe", "--scenario", "streaming", "--size", "64KiB", "--passes", "2",
                             "--progress", "none"})),
            0)
      << err();
  // A stopped run continues as it was planned.
  Result stopped = load_result(output());
  stopped.complete = false;
  for (CaseRecord& c : stopped.cases) c.launches.pop_back();
  summarise(stopped);
  save_result(stopped, output());
  ASSERT_EQ(run({"--resume", output(), "--progress", "none"}), 0) << err();
  const Result resumed = load_result(output());
  ASSERT_EQ(resumed.cases.size(), 2u);
  EXPECT_EQ(resumed.cases[1].id, "streaming/udp/block/65507/same-cpu");
  EXPECT_TRUE(resumed.cases[1].at_largest);
  expect_whole(resumed);
  // A baseline's case is measured again, as its id says.
  const std::string checked = path("checked.json");
  EXPECT_EQ(start_words(
                {IPCBENCH_PROGRAM, "check", "--baseline", output(), "--advisory", "-o", checked, "--progress", "none"})
                .wait()
                .code,
            0)
      << err();
  const Result again = load_result(checked);
  ASSERT_EQ(again.cases.size(), 2u);
  EXPECT_EQ(again.cases[1].id, "streaming/udp/block/65507/same-cpu");
  EXPECT_FALSE(again.cases[1].at_largest) << "nobody asked for another size";
  // A single launch of a size that isn't carried is refused with its limit.
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "measure-launch", "--case", "streaming/udp/block/65536/same-cpu",
                         "--messages", "20", "--seed", "1", "--abi", "1"})
                .wait()
                .code,
            77);
  EXPECT_THAT(out(), HasSubstr("the largest message of udp is 65507 B, the case needs 65536"));
}

// A case that is skipped for its size can be stored, read and shown.
TEST_F(AtLargestRuns, SizesThatNoMachineHasAreSkippedWithTheirNumbers) {
  ASSERT_EQ(run(small_suite({"--transport", "pipe,posix-shm", "--scenario", "streaming", "--size",
                             "64,18446744073709551615,9223372036854775808", "--passes", "1", "--progress", "none"})),
            0)
      << err();
  const Result result = load_result(output());
  std::size_t skipped = 0;
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::skipped) continue;
    ++skipped;
    EXPECT_THAT(c.reason, HasSubstr("the case needs more than 18446744073709551615")) << c.id;
  }
  EXPECT_EQ(skipped, 4u);
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "show", output(), "--format", "json"}).wait().code, 0) << err();
}

// Large messages have the fewest ops of each part, which the plan knows beforehand. The plan, the run after its pilots,
// and the launches must agree to the byte.
TEST_F(AtLargestRuns, APlansCountOfBytesIsTheRuns) {
  constexpr std::size_t kSize = 8 << 20;
  const Plan plan = make_plan(load_suite(path("small.toml")), {.transports = {"pipe"}, .sizes = {kSize}},
                              Topology::of_this_machine(), 2);
  const PlanTime time = estimate(plan);
  ASSERT_EQ(start_words({IPCBENCH_PROGRAM, "plan", path("small.toml"), "--transport", "pipe", "--size", "8MiB",
                         "--passes", "2"})
                .wait()
                .code,
            0);
  for (const double bytes : {time.pilot_bytes, time.launch_bytes, time.calls_bytes}) {
    EXPECT_THAT(out(), HasSubstr(format_volume(bytes)));
  }
  ASSERT_EQ(run(small_suite({"--transport", "pipe", "--size", "8MiB", "--passes", "2", "--progress", "plain"})), 0)
      << err();
  EXPECT_THAT(err(), HasSubstr("after the pilot launches: about "));
  EXPECT_THAT(err(), HasSubstr(fmt::format(" left, {} of messages to send\n",
                                           format_volume(time.launch_bytes + time.calls_bytes))));
  const Result result = load_result(output());
  double launches = 0, calls = 0;
  ASSERT_EQ(result.cases.size(), 2u);
  for (const CaseRecord& c : result.cases) {
    const double messages = c.scenario == Scenario::ping_pong ? 2 : 1;
    const double blocks = c.scenario == Scenario::ping_pong ? 2 : 1;
    for (const LaunchRecord& launch : c.launches) {
      launches +=
          (static_cast<double>(launch.warmup_ops) + blocks * static_cast<double>(launch.ops)) * messages * kSize;
    }
    ASSERT_TRUE(c.counted) << c.id;
    if (c.counted->status != Status::ok) GTEST_SKIP() << c.counted->reason;
    calls += static_cast<double>(c.counted->warmup_ops + c.counted->ops) * messages * kSize;
  }
  EXPECT_EQ(launches, time.launch_bytes);
  EXPECT_EQ(calls, time.calls_bytes);
}

}  // namespace
}  // namespace ipcbench
