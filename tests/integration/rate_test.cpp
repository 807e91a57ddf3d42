// Runs open loops over real mechanisms: both forms, both kinds of workers, one CPU and two, and through the program.

#include <cstdlib>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli.h"
#include "harness/launch/launch.h"
#include "harness/process/affinity.h"
#include "harness/sdk/registry.h"
#include "results/figures/load_summary.h"
#include "results/figures/statistics.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::uint64_t kOps = 200;

struct Way {
  Workers workers;
  bool two_cpus;
};

std::vector<Way> ways() {
  std::vector<Way> all;
  for (const Workers workers : kAllWorkers) {
    for (const bool two_cpus : {false, true}) all.push_back({workers, two_cpus});
  }
  return all;
}

class OpenLoops : public testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    const std::vector<int> cpus = allowed_cpus();
    if (GetParam().two_cpus && cpus.size() < 2) GTEST_SKIP() << "one CPU allowed";
    cpus_ = {cpus.front(), GetParam().two_cpus ? cpus[1] : cpus.front()};
  }

  static CaseSpec spec_of(const std::string& transport, std::map<std::string, std::string, std::less<>> options) {
    const TransportInfo& info = find_transport(transport)->info();
    return {.scenario = Scenario::rate,
            .transport = transport,
            .wait = info.waits.front(),
            .size = info.capabilities.carries_payload ? 64u : 0u,
            .options = std::move(options)};
  }
  LaunchRecord run(const CaseSpec& spec, std::uint64_t rate_per_s = 0, std::uint64_t ops = kOps) {
    return launch({.spec = spec,
                   .cpus = cpus_,
                   .seed = 5,
                   .block_ops = ops,
                   .rate_per_s = rate_per_s,
                   .warmup_ops = 50,
                   .deadline = std::chrono::seconds(60),
                   .workers = GetParam().workers},
                  run_)
        .record;
  }

  RunDir run_ = RunDir::create();
  CpuPair cpus_;
};
INSTANTIATE_TEST_SUITE_P(Rate, OpenLoops, testing::ValuesIn(ways()), [](const auto& param) {
  return std::string(to_string(param.param.workers)) + (param.param.two_cpus ? "TwoCpus" : "OneCpu");
});

// Checks what holds for every block, whatever the machine did meanwhile.
void expect_a_load(const LaunchRecord& record, const std::string& what) {
  ASSERT_EQ(record.status, Status::ok) << what << ": " << record.reason;
  ASSERT_TRUE(record.load) << what;
  const LoadRecord& load = *record.load;
  EXPECT_THAT(load.backlog, SizeIs(kSlices)) << what;
  ASSERT_TRUE(load.offered_per_s) << what;
  EXPECT_LE(load.achieved_per_s, *load.offered_per_s * 1.0001) << what;
  EXPECT_GT(load.achieved_per_s, 0) << what;
  if (load.overloaded) return;  // another program had the CPU
  EXPECT_EQ(count_of(load.response), record.verified) << what;
  EXPECT_EQ(count_of(load.lateness), kOps) << what;
  EXPECT_GT(*load.service_max_ns, 0) << what;
  EXPECT_GE(*load.response_max_ns, *quantile(load.service, 0.5)) << what;
}

TEST_P(OpenLoops, OfEveryConceptAreStampedInBothForms) {
  for (const char* transport : {"pipe", "posix-shm", "unix-dgram", "udp", "eventfd"}) {
    for (const char* form : {"one-way", "round-trip"}) {
      std::map<std::string, std::string, std::less<>> options{{"rate", "4000"}};
      if (std::string(form) == "round-trip") options.emplace("form", form);
      const LaunchRecord record = run(spec_of(transport, options));
      const std::string what = std::string(transport) + " " + form;
      expect_a_load(record, what);
      if (std::string(transport) != "udp") {
        EXPECT_EQ(record.verified, kOps) << what;
      }
      EXPECT_TRUE(record.load && record.load->pacer_cpu_ns) << what << ": a timer drives the sender";
    }
  }
}

TEST_P(OpenLoops, GoByEverySchedule) {
  for (const char* schedule : {"constant", "poisson", "burst-8"}) {
    std::map<std::string, std::string, std::less<>> options{{"rate", "4000"}};
    if (std::string(schedule) != "constant") options.emplace("schedule", schedule);
    const LaunchRecord record = run(spec_of("pipe", options));
    expect_a_load(record, schedule);
    if (std::string(schedule) != "poisson") {
      EXPECT_NEAR(*record.load->offered_per_s, 4000, 4) << schedule;
    }
  }
}

TEST_P(OpenLoops, HaveTheRateThatALoadWasGiven) {
  const LaunchRecord record = run(spec_of("pipe", {{"load", "50"}}), 5000);
  expect_a_load(record, "load");
  EXPECT_NEAR(*record.load->offered_per_s, 5000, 5);
}

TEST_P(OpenLoops, WithoutARateMeasureTheSaturation) {
  for (const char* transport : {"pipe", "posix-shm", "eventfd"}) {
    const LaunchRecord record = run(spec_of(transport, {}));
    ASSERT_EQ(record.status, Status::ok) << record.reason;
    ASSERT_TRUE(record.load);
    EXPECT_FALSE(record.load->offered_per_s);
    EXPECT_GT(record.load->achieved_per_s, 1000);
    EXPECT_EQ(count_of(record.load->response), 0u);
    EXPECT_FALSE(record.load->pacer_cpu_ns);
  }
}

// Whatever the machine does meanwhile, a silence isn't shorter than it was asked for.
TEST_P(OpenLoops, AfterSilenceAreRoundTripsThatFollowTheAnswerBefore) {
  for (const char* transport : {"pipe", "posix-shm", "unix-dgram", "udp", "eventfd", "file-lock", "signal"}) {
    const LaunchRecord record = run(spec_of(transport, {{"silence", "2ms"}}));
    ASSERT_EQ(record.status, Status::ok) << transport << ": " << record.reason;
    ASSERT_TRUE(record.load) << transport;
    const LoadRecord& load = *record.load;
    EXPECT_EQ(record.verified, kOps) << transport;
    EXPECT_EQ(load.silence_ns, 2e6) << transport;
    EXPECT_FALSE(load.offered_per_s) << transport;
    EXPECT_THAT(load.backlog, IsEmpty()) << transport;
    EXPECT_FALSE(load.overloaded) << transport;
    for (const SparseHistogram* times : {&load.response, &load.service, &load.lateness})
      EXPECT_EQ(count_of(*times), kOps) << transport;
    EXPECT_GE(*record.block_ns, 2e6 * kOps) << transport;
    EXPECT_GT(load.achieved_per_s, 0) << transport;
    EXPECT_LE(load.achieved_per_s, 500) << transport;
    EXPECT_GE(*load.response_max_ns, *quantile(load.service, 0.5)) << transport;
    EXPECT_GT(*quantile(load.service, 0.5), 0) << transport;
    EXPECT_FALSE(load.pacer_cpu_ns) << transport << ": nothing goes by a schedule";
    EXPECT_THAT(record.slices_ns, IsEmpty()) << transport;
  }
}

// The consumer has to give a shared CPU to the producer behind its last answer, as behind every other. If it went on to
// its end, the last round trip would be the longest of most launches.
TEST_P(OpenLoops, TheLastRoundTripIsLikeTheOthers) {
  constexpr int kLaunches = 9;
  int at_the_end = 0;
  for (int i = 0; i < kLaunches; ++i) {
    const LaunchRecord record = run(spec_of("pipe", {{"silence", "100us"}}), 0, 20);
    ASSERT_EQ(record.status, Status::ok) << record.reason;
    constexpr double kRounding = 1'000;
    const double longest_end = *record.load->response_max_at_ns + *record.load->response_max_ns;
    at_the_end += longest_end > *record.block_ns - kRounding ? 1 : 0;
  }
  EXPECT_LE(at_the_end, kLaunches / 2);
}

TEST_P(OpenLoops, OverTheSaturationAreOverloaded) {
  const LaunchRecord record = run(spec_of("pipe", {{"rate", "500000000"}}));
  ASSERT_EQ(record.status, Status::ok) << record.reason;
  EXPECT_TRUE(record.load->overloaded);
  EXPECT_EQ(count_of(record.load->response), 0u);
  EXPECT_LT(record.load->achieved_per_s, 4e8);
}

#if defined(IPCBENCH_INJECTION)
// A pacer that sends 40 us late is found: a message is sent that late, or at once where the one before held it up. The
// launch is unsteady unless the machine made the responses longer than ten times that.
TEST_P(OpenLoops, APacerMadeLateIsFound) {
  if (!GetParam().two_cpus) GTEST_SKIP() << "a pacer spins on a CPU of its own";
  ASSERT_EQ(::setenv("IPCBENCH_INJECT", "harness:+40000ns", 1), 0);
  const LaunchRecord record = run(spec_of("pipe", {{"pacer", "spin"}, {"rate", "1000"}}));
  ::unsetenv("IPCBENCH_INJECT");
  ASSERT_EQ(record.status, Status::ok) << record.reason;
  if (record.load->overloaded) GTEST_SKIP() << "another program had the CPU";
  for (const std::uint64_t lateness_ns : record.load->lateness.values_ns) {
    EXPECT_TRUE(lateness_ns == 0 || lateness_ns >= 39'000) << lateness_ns;
  }
  EXPECT_GT(*record.load->late_ratio, 0.1);
  if (*quantile(record.load->response, 0.5) > 390'000 || *quantile(record.load->lateness, 0.5) < 39'000) return;
  CaseRecord c{.scenario = Scenario::rate, .options = {{"pacer", "spin"}, {"rate", "1000"}}, .launches = {record}};
  judge_steadiness(c, ClockRecord{}, {});
  EXPECT_TRUE(c.launches.front().load->unsteady);
  EXPECT_LT(*quantile(record.load->service, 0.5), *quantile(record.load->response, 0.5) - 20'000);
}
#endif

class RateProgram : public Cli {};

TEST_F(RateProgram, MeasuresALoadAsAShareOfItsOwnSaturation) {
  const Outcome outcome = ipcbench(
      "run --scenario rate --transport pipe --size 64 --placement same-cpu --passes 2 --option load=20 "
      "-o result.json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Result result = load_result((folder_ / "result.json").string());
  ASSERT_EQ(result.cases.size(), 2u);
  const CaseRecord &saturation = result.cases[0], &load = result.cases[1];
  EXPECT_EQ(saturation.id, "rate/pipe/block/64/same-cpu");
  EXPECT_EQ(load.id, "rate/pipe/block/64/same-cpu/load=20");
  EXPECT_THAT(saturation.launches, SizeIs(2));
  ASSERT_TRUE(load.rate_per_s);
  double lowest = saturation.launches[0].load->achieved_per_s;
  lowest = std::min(lowest, saturation.launches[1].load->achieved_per_s);
  EXPECT_NEAR(static_cast<double>(*load.rate_per_s), lowest / 5, 1) << "two launches have no interval";
  EXPECT_THAT(outcome.out, HasSubstr("20 % of the saturation, constant, one-way, pacer sleep"));
  EXPECT_THAT(outcome.out, HasSubstr("its saturation is what load is a share of"));
}

TEST_F(RateProgram, RefusesBothARateAndALoad) {
  const Outcome outcome = ipcbench("run --scenario rate --transport pipe --option rate=20k,load=50");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("exclude each other: leave one out"));
}

TEST_F(RateProgram, MeasuresSilencesWithTheSuiteIdle) {
  const Outcome outcome = ipcbench("run idle --transport pipe --option silence=100us,silence=1ms -o result.json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Result result = load_result((folder_ / "result.json").string());
  ASSERT_EQ(result.cases.size(), 2u);
  for (const CaseRecord& c : result.cases) {
    EXPECT_THAT(c.launches, SizeIs(6)) << c.id;
    EXPECT_EQ(c.ops, 20u) << c.id;
    EXPECT_TRUE(c.summary.service_p50.ci95) << c.id;
  }
  EXPECT_THAT(result.machine.idle, Not(IsEmpty()));
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("Idle: what a round trip costs after silence, same-cpu"), HasSubstr("100us [95 %]"),
                    HasSubstr("Idle CPUs: what they do"), Not(HasSubstr("Rate: latency at a given load"))));
}

TEST_F(RateProgram, FewRoundTripsAfterLongSilencesHaveAPooledMedian) {
  const Outcome outcome = ipcbench("run idle --transport pipe --option silence=1s --passes 4 --seed 3 -o result.json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Result result = load_result((folder_ / "result.json").string());
  EXPECT_EQ(result.cases.at(0).ops, 5u);
  EXPECT_FALSE(result.cases[0].summary.service_p50.median);
  EXPECT_TRUE(result.cases[0].summary.service_p50_pooled.median);
  EXPECT_THAT(outcome.out, HasSubstr(" pooled"));
}

TEST_F(RateProgram, SaysWhatCannotBeMeasured) {
  const std::string common = "plan --scenario rate --size 64 --placement same-cpu --option rate=20k";
  EXPECT_THAT(ipcbench(common + ",pacer=spin --transport pipe").out,
              HasSubstr("a pacer that spins takes the receiver's CPU"));
  EXPECT_THAT(ipcbench(common + " --transport mutex").out, HasSubstr("one-way"));
  EXPECT_THAT(ipcbench(common + " --transport signal").out, HasSubstr("notifications merge"));
  EXPECT_THAT(ipcbench(common + ",form=round-trip --transport signal,mutex").out, Not(HasSubstr("merge")));
}

}  // namespace
}  // namespace ipcbench
