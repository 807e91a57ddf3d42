#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/cli.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kOneCase = "--transport pipe --size 64 --placement same-cpu --scenario ping-pong ";
constexpr const char* kShort = "--benchmark_min_time=0.001 ";

class Gbench : public Cli {
 protected:
  void SetUp() override {
    const Outcome help = ipcbench("gbench --help");
    if (help.code != 0) GTEST_SKIP() << help.err;
  }

  Outcome gbench(const std::string& arguments) const { return ipcbench("gbench " + std::string(kShort) + arguments); }
};

nlohmann::json benchmarks_in(const std::string& text) { return nlohmann::json::parse(text).at("benchmarks"); }

TEST_F(Gbench, OneLaunchIsOneRunOfAsManyIterationsAsItsNameSays) {
  const Outcome outcome = gbench(kOneCase + std::string("--benchmark_format=json"));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const nlohmann::json benchmarks = benchmarks_in(outcome.out);
  ASSERT_EQ(benchmarks.size(), 1u);
  const nlohmann::json& benchmark = benchmarks[0];
  EXPECT_EQ(benchmark.at("name"), "ping-pong/pipe/block/64/same-cpu/iterations:" +
                                      std::to_string(benchmark.at("iterations").get<std::uint64_t>()) + "/manual_time");
  for (const char* figure : {"real_time", "cpu_ns", "p50_ns"})
    EXPECT_GT(benchmark.at(figure).get<double>(), 0) << figure;
  // Two processes on one CPU must switch.
  EXPECT_GT(benchmark.at("ctx_switches").get<double>(), 1);
  EXPECT_FALSE(benchmark.contains("items_per_second"));
}

TEST_F(Gbench, StreamsHaveRatesThatAgreeWithTheTime) {
  const Outcome outcome =
      gbench("--transport pipe --size 4KiB --placement same-cpu --scenario streaming --benchmark_format=json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const nlohmann::json benchmark = benchmarks_in(outcome.out).at(0);
  const double items = benchmark.at("items_per_second");
  EXPECT_NEAR(items * benchmark.at("real_time").get<double>(), 1e9, 1e4);
  EXPECT_NEAR(benchmark.at("bytes_per_second").get<double>() / items, 4096, 1);
}

TEST_F(Gbench, RepetitionsAndFiltersAreGoogleBenchmarks) {
  const Outcome outcome = gbench(
      "--transport pipe,fifo --size 64 --placement same-cpu --benchmark_filter=^ping-pong/pipe "
      "--benchmark_repetitions=2 --benchmark_report_aggregates_only --benchmark_format=json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const nlohmann::json benchmarks = benchmarks_in(outcome.out);
  ASSERT_FALSE(benchmarks.empty());
  for (const nlohmann::json& benchmark : benchmarks) {
    EXPECT_THAT(benchmark.at("name").get<std::string>(), StartsWith("ping-pong/pipe/"));
    EXPECT_EQ(benchmark.at("run_type"), "aggregate");
  }
}

TEST_F(Gbench, StdoutHasTheTableAlone) {
  const Outcome outcome = gbench(kOneCase);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("cpu_ns="), Not(HasSubstr("CPU Caches"))));
  EXPECT_THAT(outcome.err, HasSubstr("seed: "));
}

TEST_F(Gbench, SkippedCasesSayWhy) {
  const Outcome outcome = gbench("--transport pipe --wait hybrid --size 64 --placement same-cpu");
  EXPECT_EQ(outcome.code, 77);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("ERROR OCCURRED"), HasSubstr("pipe has no wait strategy 'hybrid'")));
}

TEST_F(Gbench, InvalidLaunchesSayWhyAndHaveNoTime) {
  const Outcome outcome =
      gbench("--transport corrupt --size 64 --placement same-cpu --scenario ping-pong --benchmark_format=json");
  EXPECT_EQ(outcome.code, 4) << outcome.err;
  const nlohmann::json benchmark = benchmarks_in(outcome.out).at(0);
  EXPECT_THAT(benchmark.at("error_message").get<std::string>(), AllOf(StartsWith("invalid: "), HasSubstr("corrupt")));
  EXPECT_EQ(benchmark.at("real_time").get<double>(), 0);
}

TEST_F(Gbench, AFilterThatSelectsNothingIsAUsageError) {
  const Outcome outcome = gbench("--benchmark_filter=absent");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("absent"));
}

TEST_F(Gbench, AFullDiskIsAnError) {
  const Outcome outcome = gbench(std::string(kOneCase) + ">/dev/full");
  EXPECT_EQ(outcome.code, 70);
  EXPECT_THAT(outcome.err, HasSubstr("stdout"));
}

TEST_F(Gbench, MistakesExitWith2BeforeAnythingIsMeasured) {
  for (const std::string arguments :
       {"--benchmark_filter='('", "--benchmark_fliter=x", "--benchmark_repetitions=0", "--benchmark_format=csv",
        "--benchmark_min_time=x", "--benchmark_out=/absent/x.json", "--iterations-from absent.json",
        "--iterations-from script"}) {
    const Outcome outcome = ipcbench("gbench " + arguments);
    EXPECT_EQ(outcome.code, 2) << arguments;
    EXPECT_THAT(outcome.out, IsEmpty()) << arguments;
    EXPECT_THAT(outcome.err, StartsWith("ipcbench: ")) << arguments;
  }
}

TEST_F(Gbench, ComparePyFindsTheCasesOfTwoFiles) {
  const Outcome ready = shell(R"sh(compare=/usr/share/benchmark/compare.py
[[ -r $compare ]] || { echo "there is no $compare, of libbenchmark-tools"; exit 1; }
for python in python3 /usr/bin/python3; do
  "$python" -c 'import numpy, scipy.stats' 2>/dev/null && { echo "$python $compare"; exit 0; }
done
echo "compare.py needs python3-scipy"
exit 1)sh");
  if (ready.code != 0) GTEST_SKIP() << ready.out;
  const std::string compare = ready.out.substr(0, ready.out.find('\n'));
  const Outcome outcome = shell("measure() { \"$ipcbench\" gbench " + std::string(kOneCase) + kShort +
                                R"sh(--benchmark_repetitions=3 "$@" >/dev/null || exit 9; }
measure --benchmark_out=old.json
measure --benchmark_out=new.json --iterations-from old.json
)sh" + compare + " --no-color benchmarks old.json new.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("ping-pong/pipe/block/64/same-cpu/iterations:"), HasSubstr("_median"),
                                 HasSubstr("U Test, Repetitions: 3 vs 3")));
}

}  // namespace
}  // namespace ipcbench
