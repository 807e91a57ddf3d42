#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/summary.h"
#include "results/files/store.h"
#include "results/model/record.h"
#include "tests/integration/cli.h"
#include "tests/integration/program_run.h"

// Checks runs that go on: run --precision, check, and the time that --budget allows.

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kPipe = "--transport pipe --scenario ping-pong --size 64 --placement same-cpu --progress plain ";

// The figure is a rate, whose values always differ; medians of round trips share buckets of their histograms.
const std::string kStream = "--transport pipe --scenario streaming --size 64 --placement same-cpu --progress plain ";

class GoingOnRun : public Cli {
 protected:
  Result result(const std::string& name) const { return load_result((folder_ / name).string()); }
};

TEST_F(GoingOnRun, UntilTheIntervalsAreNarrowEnough) {
  const Outcome outcome = ipcbench("run " + kStream + "--passes 2 --precision 90% -o r.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("at least"), HasSubstr("at most"), HasSubstr("going on, up to 4 launches")));
  const Result run = result("r.json");
  EXPECT_THAT(run.looks, ElementsAre(2, 4, 8, 16, 32));
  EXPECT_EQ(run.precision, 0.9);
  const std::size_t launches = run.cases.at(0).launches.size();
  EXPECT_GE(launches, 8u) << "the first look with an interval";
  EXPECT_THAT(run.looks, Contains(launches));
  EXPECT_TRUE(run.cases.at(0).summary.messages_per_s.ci95);
  EXPECT_THAT(run.notes, Contains(HasSubstr("99 % each")));
  EXPECT_THAT(ipcbench("show r.json").out, HasSubstr("99 % each"));
}

TEST_F(GoingOnRun, WhatTheLastLookLeavesWiderIsNamed) {
  const Outcome outcome = ipcbench("run " + kStream + "--passes 2 --precision 0.001% -o r.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(result("r.json").cases.at(0).launches.size(), 32u);
  EXPECT_THAT(result("r.json").notes, Contains(AllOf(HasSubstr("after 32 launches, the last look"),
                                                     HasSubstr("streaming/pipe/block/64/same-cpu (±"))));
}

TEST_F(GoingOnRun, AStepThatDoesNotFitTheBudgetIsNotBegun) {
  const Outcome outcome = ipcbench("run " + kStream + "--passes 9 --precision 0.001% --budget 100ms -o r.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(result("r.json").cases.at(0).launches.size(), 9u) << "never fewer than the passes";
  EXPECT_THAT(result("r.json").notes, Contains(HasSubstr("when the budget of 100 ms ends")));
}

TEST_F(GoingOnRun, PlanSaysTheTimeAtLeastAndAtMost) {
  const Outcome outcome = ipcbench("plan --transport pipe --precision 2%");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("Time: at least "), HasSubstr(", at most "), HasSubstr("99 % each")));
  EXPECT_THAT(ipcbench("plan standard --budget 5min").out, HasSubstr("blocks shortened from "));
  for (const std::string bad : {"--precision 2", "--precision x%", "--precision 0%", "--budget 5mins"}) {
    const Outcome refused = ipcbench("plan " + bad);
    EXPECT_EQ(refused.code, 2) << bad;
    EXPECT_THAT(refused.err, AllOf(HasSubstr(bad.substr(0, bad.find(' '))), HasSubstr("example"))) << bad;
  }
}

// Slows half of the baseline's launches by 1.5, so that no number of launches decides whether this build is slower.
Result undecidable(Result baseline) {
  for (CaseRecord& c : baseline.cases) {
    for (LaunchRecord& launch : c.launches) {
      if (launch.pass % 2 == 0) continue;
      *launch.mean_ns *= 1.5;
      for (std::uint64_t& value : launch.histogram.values_ns) value = value * 3 / 2;
    }
  }
  summarise(baseline);
  return baseline;
}

TEST_F(GoingOnRun, CheckGoesOnWithUndecidedCases) {
  ASSERT_EQ(ipcbench("run " + kPipe + "--passes 6 -o base.json").code, 0);
  save_result(undecidable(result("base.json")), (folder_ / "base.json").string());
  const Outcome outcome = ipcbench("check --baseline base.json --passes 2 --advisory -o c.json --out json=report.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("going on, up to 4 launches"));
  const Result measured = result("c.json");
  EXPECT_THAT(measured.looks, ElementsAre(2, 4, 8, 16, 32));
  EXPECT_FALSE(measured.precision);
  EXPECT_GT(measured.cases.at(0).launches.size(), 2u);
  // Comparing the two files must give the decision of check.
  EXPECT_THAT(ipcbench("compare base.json c.json --advisory").out,
              HasSubstr("looked at after 2, 4, 8, 16, 32 launches"));
}

class InterruptedGoingOn : public ProgramRun {};

TEST_F(InterruptedGoingOn, ResumeGoesOnToTheSameLooks) {
  const std::string output = path("r.json");
  Child child = start_words({IPCBENCH_PROGRAM, "run", "--transport", "pipe", "--scenario", "streaming", "--size", "64",
                             "--placement", "same-cpu", "--passes", "5", "--precision", "0.001%", "--progress", "none",
                             "-o", output});
  const auto goes_on = [&] {
    const std::string journal = content_of(output + ".journal.jsonl");
    return std::count(journal.begin(), journal.end(), '\n') > 14;
  };
  ASSERT_TRUE(wait_until(child, goes_on)) << err();
  ::kill(child.pid(), SIGKILL);
  child.wait();
  Child resumed = start_words({IPCBENCH_PROGRAM, "run", "--resume", output, "--progress", "none"});
  EXPECT_EQ(resumed.wait().code, 0) << err();
  const Result result = load_result(output);
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(result.cases.at(0).launches.size(), 80u);
  EXPECT_DOUBLE_EQ(result.precision.value_or(0), 1e-5);
}

}  // namespace
}  // namespace ipcbench
