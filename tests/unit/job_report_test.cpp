#include "results/job_report.h"

#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_pairs.h"

// Whole jobs on canned data.

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

const double kTenPercent = std::log(1.10);

const Decision& decision_of(const JobReport& report, Metric metric, const std::string& id = kSampleCase) {
  for (const Decision& decision : report.decisions) {
    if (decision.metric == metric && decision.case_id == id) return decision;
  }
  throw std::out_of_range("no decision on " + id);
}

FigureVerdict verdict_of_rtt(const PairSession& session, const JobRules& rules = {}) {
  const JobReport report = decide_job(session, rules);
  return decision_of(report, Metric::rtt_p50).verdict;
}

TEST(JobReport, NoChangeIsSame) {
  const PairSession session = sample_session(40, noise(0.01, 1));
  const JobReport report = decide_job(session, {});
  EXPECT_EQ(decision_of(report, Metric::rtt_p50).verdict, FigureVerdict::same);
  EXPECT_EQ(verdict_of(report), JobVerdict::pass);
  EXPECT_TRUE(to_confirm(report).empty());
}

TEST(JobReport, AShiftIsACandidateUntilFreshRoundsShowItAgain) {
  PairSession session = sample_session(40, noise(0.03, 2, kTenPercent));
  JobReport report = decide_job(session, {});
  EXPECT_EQ(decision_of(report, Metric::rtt_p50).verdict, FigureVerdict::candidate);
  EXPECT_EQ(verdict_of(report), JobVerdict::pass);
  ASSERT_EQ(to_confirm(report).size(), 1u);
  EXPECT_EQ(to_confirm(report)[0]->case_id, kSampleCase);

  add_fresh_rounds(session, kSampleCase, 80, noise(0.03, 3, kTenPercent));
  report = decide_job(session, {});
  EXPECT_EQ(decision_of(report, Metric::rtt_p50).verdict, FigureVerdict::regressed);
  EXPECT_EQ(verdict_of(report), JobVerdict::regression);
  EXPECT_EQ(exit_code_of(verdict_of(report)), 1);
}

TEST(JobReport, ACandidateThatDoesNotComeBackPasses) {
  PairSession session = sample_session(40, noise(0.03, 2, kTenPercent));
  add_fresh_rounds(session, kSampleCase, 80, noise(0.03, 3));
  const JobReport report = decide_job(session, {});
  EXPECT_EQ(decision_of(report, Metric::rtt_p50).verdict, FigureVerdict::unconfirmed);
  EXPECT_EQ(verdict_of(report), JobVerdict::pass);
}

TEST(JobReport, AGainIsImprovedAndPasses) {
  const PairSession session = sample_session(40, noise(0.01, 4, -kTenPercent));
  EXPECT_EQ(verdict_of_rtt(session), FigureVerdict::improved);
  EXPECT_EQ(verdict_of(decide_job(session, {})), JobVerdict::pass);
}

TEST(JobReport, TwoModesAreUnstableAndNeverFail) {
  // Half of the pairs 50 % slower, half not: no median to speak of.
  const PairSession session = sample_session(40, [](int round) { return round % 2 == 0 ? 0.4 : 0.0; });
  const JobReport report = decide_job(session, {});
  EXPECT_EQ(decision_of(report, Metric::rtt_p50).verdict, FigureVerdict::unstable);
  EXPECT_EQ(verdict_of(report), JobVerdict::pass);
  EXPECT_EQ(verdict_of(decide_job(session, {.strict = true})), JobVerdict::too_noisy);
  EXPECT_EQ(exit_code_of(JobVerdict::too_noisy), 3);
}

TEST(JobReport, AChangeClearOfAWideScatterIsDecided) {
  PairSession session = sample_session(40, noise(0.2, 5, 2.0));
  add_fresh_rounds(session, kSampleCase, 80, noise(0.2, 6, 2.0));
  EXPECT_EQ(verdict_of_rtt(session), FigureVerdict::regressed);
  EXPECT_EQ(verdict_of_rtt(sample_session(40, noise(0.2, 7, 0.1))), FigureVerdict::unstable);
}

TEST(JobReport, DriftOfTheMachineIsInBothArms) {
  PairSession session = sample_session(40, noise(0.01, 5));
  double factor = 1;
  for (SamplePair& pair : session.pairs) {
    factor *= 1.02;  // twice as slow after 35 rounds
    *pair.base.rtt_p50_ns *= factor;
    *pair.head.rtt_p50_ns *= factor;
  }
  EXPECT_EQ(verdict_of_rtt(session), FigureVerdict::same);
}

TEST(JobReport, OneOutlierInTenChangesNothing) {
  const auto quiet = noise(0.005, 6);
  const PairSession session = sample_session(40, [&](int round) { return round % 10 == 3 ? 2.0 : quiet(round); });
  EXPECT_EQ(verdict_of_rtt(session), FigureVerdict::same);
}

TEST(JobReport, TiesAtTheClocksResolutionAreNoChange) {
  // 250 ns, in steps of 10 ns: 4 % from one value to the next.
  const auto stepped = [](int round) { return round % 3 == 0 ? std::log(260.0 / 250) : 0.0; };
  const PairSession session = sample_session(40, stepped, 250);
  EXPECT_EQ(verdict_of_rtt(session), FigureVerdict::same);
  const JobReport report = decide_job(session, {});
  EXPECT_EQ(decision_of(report, Metric::rtt_p50).margin.source, MarginSource::clock);
}

TEST(JobReport, BelowTenTimesTheClocksOverheadTheMeanStandsIn) {
  const JobReport report = decide_job(sample_session(40, noise(0.005, 7), 150), {});
  EXPECT_EQ(decision_of(report, Metric::rtt_mean).verdict, FigureVerdict::same);
  EXPECT_THROW(decision_of(report, Metric::rtt_p50), std::out_of_range);
}

TEST(JobReport, FewerThanSixRoundsDecideNothing) {
  const PairSession session = sample_session(5, noise(0.001, 8, 0.5));
  // One gated figure needs 5 rounds: with two, 5 are too few.
  PairSession two = session;
  add_case(two, "ping-pong/tcp/block/64/same-cpu", 5, noise(0.001, 9, 0.5));
  const JobReport report = decide_job(two, {});
  EXPECT_EQ(decision_of(report, Metric::rtt_p50).verdict, FigureVerdict::inconclusive);
  EXPECT_THAT(decision_of(report, Metric::rtt_p50).reason, HasSubstr("5 usable pairs"));
  EXPECT_EQ(verdict_of(report), JobVerdict::pass);
}

TEST(JobReport, AnArmThatBreaksTwiceIsInvalid) {
  PairSession session = sample_session(40, noise(0.01, 10));
  session.pairs[3].head.status = Status::crashed;
  session.pairs[3].head.reason = "killed by SIGSEGV";
  EXPECT_EQ(verdict_of(decide_job(session, {})), JobVerdict::pass) << "once may be the machine's fault";
  session.pairs[9].head = session.pairs[3].head;
  const JobReport report = decide_job(session, {});
  EXPECT_EQ(verdict_of(report), JobVerdict::invalid);
  EXPECT_EQ(exit_code_of(JobVerdict::invalid), 4);
  ASSERT_EQ(report.left_out.size(), 1u);
  EXPECT_EQ(report.left_out[0].reason, "head: killed by SIGSEGV");
  EXPECT_TRUE(report.decisions.empty());
}

TEST(JobReport, AWrongMessageIsInvalidAtOnce) {
  PairSession session = sample_session(40, noise(0.01, 10));
  session.pairs[0].base.status = Status::invalid;
  EXPECT_EQ(verdict_of(decide_job(session, {})), JobVerdict::invalid);
}

TEST(JobReport, AProvenRegressionCountsMoreThanWhatBrokeBesideIt) {
  PairSession session = sample_session(40, noise(0.01, 11, kTenPercent));
  add_fresh_rounds(session, kSampleCase, 80, noise(0.01, 12, kTenPercent));
  add_case(session, "ping-pong/tcp/block/64/same-cpu", 40, noise(0.01, 13));
  for (SamplePair& pair : session.pairs) {
    if (pair.case_id != kSampleCase) pair.head.status = Status::timed_out;
  }
  EXPECT_EQ(verdict_of(decide_job(session, {})), JobVerdict::regression);
}

TEST(JobReport, OneMoreSystemCallIsSeenWithoutNoise) {
  PairSession session = sample_session(40, noise(0.02, 14));
  add_counted_rounds(session, kSampleCase, 10, 4, 6);
  const JobReport report = decide_job(session, {});
  EXPECT_EQ(decision_of(report, Metric::syscalls).verdict, FigureVerdict::candidate);
  ASSERT_EQ(to_confirm(report).size(), 1u);
  EXPECT_EQ(to_confirm(report)[0]->metric, Metric::syscalls);
  add_counted_rounds(session, kSampleCase, 20, 4, 6, true);
  EXPECT_EQ(verdict_of(decide_job(session, {})), JobVerdict::regression);
}

TEST(JobReport, OfTheCountsSystemCallsAreGated) {
  PairSession session = sample_session(40, noise(0.01, 15));
  for (SamplePair& pair : session.pairs) pair.base.switches_per_op = pair.head.switches_per_op = 2;
  EXPECT_TRUE(decision_of(decide_job(session, {}), Metric::switches).gated);
  add_counted_rounds(session, kSampleCase, 10, 4, 4);
  const JobReport report = decide_job(session, {});
  EXPECT_FALSE(decision_of(report, Metric::switches).gated);
  EXPECT_TRUE(decision_of(report, Metric::syscalls).gated);
  EXPECT_EQ(report.gated, 2u);
}

TEST(JobReport, TheWorstTenAreLookedAtAgain) {
  PairSession session = sample_session(40, noise(0.001, 1, 0.30));
  for (int n = 0; n < 13; ++n) {
    add_case(session, "ping-pong/t" + std::to_string(n) + "/block/64/same-cpu", 40, noise(0.001, 2, 0.05 + 0.01 * n));
  }
  const JobReport report = decide_job(session, {});
  const std::vector<const Decision*> worst = to_confirm(report);
  ASSERT_EQ(worst.size(), 10u);
  EXPECT_EQ(worst[0]->case_id, kSampleCase);
  EXPECT_EQ(worst[1]->case_id, "ping-pong/t12/block/64/same-cpu");
  EXPECT_EQ(worst[9]->case_id, "ping-pong/t4/block/64/same-cpu");
}

TEST(JobReport, AcrossCpusNothingGatesUntilCalibrationSaysSo) {
  const std::string id = "ping-pong/pipe/block/64/same-l3";
  PairSession session = sample_session(40, noise(0.01, 16));
  add_case(session, id, 40, noise(0.01, 17, kTenPercent));
  EXPECT_FALSE(decision_of(decide_job(session, {}), Metric::rtt_p50, id).gated);
  NoiseModel noise_model;
  noise_model.figures = {{.case_id = id, .metric = "rtt_p50_ns", .pairs = 500, .spread = 0.05, .margin = 0.03}};
  EXPECT_TRUE(decision_of(decide_job(session, {.noise = &noise_model}), Metric::rtt_p50, id).gated);
  noise_model.figures[0].spread = 0.14;
  const JobReport scattered = decide_job(session, {.noise = &noise_model});
  EXPECT_FALSE(decision_of(scattered, Metric::rtt_p50, id).gated);
  EXPECT_EQ(decision_of(scattered, Metric::rtt_p50, id).verdict, FigureVerdict::unstable);
  noise_model.figures[0] = {.case_id = id, .metric = "rtt_p50_ns", .pairs = 499, .spread = 0.05, .margin = 0.03};
  EXPECT_FALSE(decision_of(decide_job(session, {.noise = &noise_model}), Metric::rtt_p50, id).gated);
}

TEST(JobReport, TheCalibratedMarginWidensTheDecision) {
  const PairSession session = sample_session(40, noise(0.005, 18, 0.05));
  EXPECT_EQ(verdict_of_rtt(session), FigureVerdict::candidate);
  NoiseModel noise_model;
  noise_model.figures = {
      {.case_id = kSampleCase, .metric = "rtt_p50_ns", .pairs = 600, .spread = 0.03, .margin = 0.08}};
  EXPECT_EQ(verdict_of_rtt(session, {.noise = &noise_model}), FigureVerdict::same);
}

TEST(JobReport, NothingMeasuredIsSkippedOrNotComparable) {
  PairSession session = sample_session(0, noise(0, 1));
  session.header.cases[0].reason = "posix message queues are not mounted";
  EXPECT_EQ(exit_code_of(verdict_of(decide_job(session, {}))), 77);
  session.header.cases.clear();
  EXPECT_EQ(exit_code_of(verdict_of(decide_job(session, {}))), 5);
}

TEST(JobReport, AnInterruptedJobSaysSo) {
  JobReport report = decide_job(sample_session(40, noise(0.01, 1)), {});
  report.interrupted = true;
  EXPECT_EQ(exit_code_of(verdict_of(report)), 130);
}

TEST(JobReport, StrictOnlyMindsWhatIsGated) {
  PairSession session = sample_session(40, noise(0.01, 19));
  add_case(session, "ping-pong/pipe/block/64/same-l3", 40, noise(0.2, 20));
  EXPECT_EQ(verdict_of(decide_job(session, {.strict = true})), JobVerdict::pass);
}

}  // namespace
}  // namespace ipcbench
