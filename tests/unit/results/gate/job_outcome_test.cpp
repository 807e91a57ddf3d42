#include "results/gate/job_outcome.h"

#include <cmath>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/sample_pairs.h"

// Decides whole jobs from canned data.

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

const double kTenPercent = std::log(1.10);

const Decision& decision_of(const JobOutcome& outcome, Metric metric, std::string_view id = kSampleCase) {
  for (const Decision& decision : outcome.decisions) {
    if (decision.metric == metric && decision.case_id == id) return decision;
  }
  throw std::out_of_range("no decision on " + std::string(id));
}

FigureVerdict verdict_of_rtt(const PairSession& session, const JobRules& rules = {}) {
  const JobOutcome outcome = decide_job(session, rules);
  return decision_of(outcome, Metric::rtt_p50).verdict;
}

TEST(JobOutcome, NoChangeIsSame) {
  const PairSession session = sample_session(40, noise(0.01, 1));
  const JobOutcome outcome = decide_job(session, {});
  EXPECT_EQ(decision_of(outcome, Metric::rtt_p50).verdict, FigureVerdict::same);
  EXPECT_EQ(verdict_of(outcome), JobVerdict::pass);
  EXPECT_TRUE(to_confirm(outcome).empty());
}

TEST(JobOutcome, AShiftIsACandidateUntilFreshRoundsShowItAgain) {
  PairSession session = sample_session(40, noise(0.03, 2, kTenPercent));
  JobOutcome outcome = decide_job(session, {});
  EXPECT_EQ(decision_of(outcome, Metric::rtt_p50).verdict, FigureVerdict::candidate);
  EXPECT_EQ(verdict_of(outcome), JobVerdict::pass);
  ASSERT_EQ(to_confirm(outcome).size(), 1u);
  EXPECT_EQ(to_confirm(outcome)[0]->case_id, kSampleCase);

  add_fresh_rounds(session, kSampleCase, 80, noise(0.03, 3, kTenPercent));
  outcome = decide_job(session, {});
  EXPECT_EQ(decision_of(outcome, Metric::rtt_p50).verdict, FigureVerdict::regressed);
  EXPECT_EQ(verdict_of(outcome), JobVerdict::regression);
  EXPECT_EQ(exit_code_of(verdict_of(outcome)), 1);
}

TEST(JobOutcome, ACandidateThatDoesNotComeBackPasses) {
  PairSession session = sample_session(40, noise(0.03, 2, kTenPercent));
  add_fresh_rounds(session, kSampleCase, 80, noise(0.03, 3));
  const JobOutcome outcome = decide_job(session, {});
  EXPECT_EQ(decision_of(outcome, Metric::rtt_p50).verdict, FigureVerdict::unconfirmed);
  EXPECT_EQ(verdict_of(outcome), JobVerdict::pass);
}

TEST(JobOutcome, AGainIsImprovedAndPasses) {
  const PairSession session = sample_session(40, noise(0.01, 4, -kTenPercent));
  EXPECT_EQ(verdict_of_rtt(session), FigureVerdict::improved);
  EXPECT_EQ(verdict_of(decide_job(session, {})), JobVerdict::pass);
}

TEST(JobOutcome, TwoModesAreUnstableAndNeverFail) {
  // Half of the pairs are 50 % slower, so that the median means nothing.
  const PairSession session = sample_session(40, [](int round) { return round % 2 == 0 ? 0.4 : 0.0; });
  const JobOutcome outcome = decide_job(session, {});
  EXPECT_EQ(decision_of(outcome, Metric::rtt_p50).verdict, FigureVerdict::unstable);
  EXPECT_EQ(verdict_of(outcome), JobVerdict::pass);
  EXPECT_EQ(verdict_of(decide_job(session, {.strict = true})), JobVerdict::too_noisy);
  EXPECT_EQ(exit_code_of(JobVerdict::too_noisy), 3);
}

TEST(JobOutcome, AChangeClearOfAWideScatterIsDecided) {
  PairSession session = sample_session(40, noise(0.2, 5, 2.0));
  add_fresh_rounds(session, kSampleCase, 80, noise(0.2, 6, 2.0));
  EXPECT_EQ(verdict_of_rtt(session), FigureVerdict::regressed);
  EXPECT_EQ(verdict_of_rtt(sample_session(40, noise(0.2, 7, 0.1))), FigureVerdict::unstable);
}

TEST(JobOutcome, DriftOfTheMachineIsInBothArms) {
  PairSession session = sample_session(40, noise(0.01, 5));
  double factor = 1;
  for (LaunchPair& pair : session.pairs) {
    factor *= 1.02;  // twice as slow after 35 rounds
    *pair.base.rtt_p50_ns *= factor;
    *pair.head.rtt_p50_ns *= factor;
  }
  EXPECT_EQ(verdict_of_rtt(session), FigureVerdict::same);
}

TEST(JobOutcome, OneOutlierInTenChangesNothing) {
  const auto quiet = noise(0.005, 6);
  const PairSession session = sample_session(40, [&](int round) { return round % 10 == 3 ? 2.0 : quiet(round); });
  EXPECT_EQ(verdict_of_rtt(session), FigureVerdict::same);
}

TEST(JobOutcome, TiesAtTheClocksResolutionAreNoChange) {
  // 250 ns in steps of 10 ns: neighbouring values differ by 4 %.
  const auto stepped = [](int round) { return round % 3 == 0 ? std::log(260.0 / 250) : 0.0; };
  const PairSession session = sample_session(40, stepped, 250);
  EXPECT_EQ(verdict_of_rtt(session), FigureVerdict::same);
  const JobOutcome outcome = decide_job(session, {});
  EXPECT_EQ(decision_of(outcome, Metric::rtt_p50).margin.source, MarginSource::clock);
}

TEST(JobOutcome, BelowTenTimesTheClocksOverheadTheMeanStandsIn) {
  const JobOutcome outcome = decide_job(sample_session(40, noise(0.005, 7), 150), {});
  EXPECT_EQ(decision_of(outcome, Metric::rtt_mean).verdict, FigureVerdict::same);
  EXPECT_THROW(decision_of(outcome, Metric::rtt_p50), std::out_of_range);
}

TEST(JobOutcome, FewerThanSixRoundsDecideNothing) {
  const PairSession session = sample_session(5, noise(0.001, 8, 0.5));
  // One gated figure needs 5 rounds; with two gated figures, 5 are too few.
  PairSession two = session;
  add_case(two, "ping-pong/tcp/block/64/same-cpu", 5, noise(0.001, 9, 0.5));
  const JobOutcome outcome = decide_job(two, {});
  EXPECT_EQ(decision_of(outcome, Metric::rtt_p50).verdict, FigureVerdict::inconclusive);
  EXPECT_THAT(decision_of(outcome, Metric::rtt_p50).reason, HasSubstr("5 usable pairs"));
  EXPECT_EQ(verdict_of(outcome), JobVerdict::pass);
}

TEST(JobOutcome, AnArmThatBreaksTwiceIsInvalid) {
  PairSession session = sample_session(40, noise(0.01, 10));
  session.pairs[3].head.status = Status::crashed;
  session.pairs[3].head.reason = "killed by SIGSEGV";
  EXPECT_EQ(verdict_of(decide_job(session, {})), JobVerdict::pass) << "once may be the machine's fault";
  session.pairs[9].head = session.pairs[3].head;
  const JobOutcome outcome = decide_job(session, {});
  EXPECT_EQ(verdict_of(outcome), JobVerdict::invalid);
  EXPECT_EQ(exit_code_of(JobVerdict::invalid), 4);
  ASSERT_EQ(outcome.left_out.size(), 1u);
  EXPECT_EQ(outcome.left_out[0].reason, "head: killed by SIGSEGV");
  EXPECT_TRUE(outcome.decisions.empty());
}

TEST(JobOutcome, AWrongMessageIsInvalidAtOnce) {
  PairSession session = sample_session(40, noise(0.01, 10));
  session.pairs[0].base.status = Status::invalid;
  EXPECT_EQ(verdict_of(decide_job(session, {})), JobVerdict::invalid);
}

TEST(JobOutcome, AProvenRegressionCountsMoreThanWhatBrokeBesideIt) {
  PairSession session = sample_session(40, noise(0.01, 11, kTenPercent));
  add_fresh_rounds(session, kSampleCase, 80, noise(0.01, 12, kTenPercent));
  add_case(session, "ping-pong/tcp/block/64/same-cpu", 40, noise(0.01, 13));
  for (LaunchPair& pair : session.pairs) {
    if (pair.case_id != kSampleCase) pair.head.status = Status::timed_out;
  }
  EXPECT_EQ(verdict_of(decide_job(session, {})), JobVerdict::regression);
}

TEST(JobOutcome, OneMoreSystemCallIsSeenWithoutNoise) {
  PairSession session = sample_session(40, noise(0.02, 14));
  add_counted_rounds(session, kSampleCase, 10, 4, 6);
  const JobOutcome outcome = decide_job(session, {});
  EXPECT_EQ(decision_of(outcome, Metric::syscalls).verdict, FigureVerdict::candidate);
  ASSERT_EQ(to_confirm(outcome).size(), 1u);
  EXPECT_EQ(to_confirm(outcome)[0]->metric, Metric::syscalls);
  add_counted_rounds(session, kSampleCase, 20, 4, 6, true);
  EXPECT_EQ(verdict_of(decide_job(session, {})), JobVerdict::regression);
}

TEST(JobOutcome, OfTheCountsSystemCallsAreGated) {
  PairSession session = sample_session(40, noise(0.01, 15));
  for (LaunchPair& pair : session.pairs) pair.base.switches_per_op = pair.head.switches_per_op = 2;
  EXPECT_TRUE(decision_of(decide_job(session, {}), Metric::switches).gated);
  add_counted_rounds(session, kSampleCase, 10, 4, 4);
  const JobOutcome outcome = decide_job(session, {});
  EXPECT_FALSE(decision_of(outcome, Metric::switches).gated);
  EXPECT_TRUE(decision_of(outcome, Metric::syscalls).gated);
  EXPECT_EQ(outcome.gated, 2u);
}

TEST(JobOutcome, TheWorstTenAreLookedAtAgain) {
  PairSession session = sample_session(40, noise(0.001, 1, 0.30));
  for (int n = 0; n < 13; ++n) {
    add_case(session, "ping-pong/t" + std::to_string(n) + "/block/64/same-cpu", 40, noise(0.001, 2, 0.05 + 0.01 * n));
  }
  const JobOutcome outcome = decide_job(session, {});
  const std::vector<const Decision*> worst = to_confirm(outcome);
  ASSERT_EQ(worst.size(), 10u);
  EXPECT_EQ(worst[0]->case_id, kSampleCase);
  EXPECT_EQ(worst[1]->case_id, "ping-pong/t12/block/64/same-cpu");
  EXPECT_EQ(worst[9]->case_id, "ping-pong/t4/block/64/same-cpu");
}

TEST(JobOutcome, AcrossCpusNothingGatesUntilCalibrationSaysSo) {
  const std::string id = "ping-pong/pipe/block/64/same-l3";
  PairSession session = sample_session(40, noise(0.01, 16));
  add_case(session, id, 40, noise(0.01, 17, kTenPercent));
  EXPECT_FALSE(decision_of(decide_job(session, {}), Metric::rtt_p50, id).gated);
  NoiseModel noise_model;
  noise_model.figures = {{.case_id = id, .metric = "rtt_p50_ns", .pairs = 500, .spread = 0.05, .margin = 0.03}};
  EXPECT_TRUE(decision_of(decide_job(session, {.noise = &noise_model}), Metric::rtt_p50, id).gated);
  noise_model.figures[0].spread = 0.14;
  const JobOutcome scattered = decide_job(session, {.noise = &noise_model});
  EXPECT_FALSE(decision_of(scattered, Metric::rtt_p50, id).gated);
  EXPECT_EQ(decision_of(scattered, Metric::rtt_p50, id).verdict, FigureVerdict::unstable);
  noise_model.figures[0] = {.case_id = id, .metric = "rtt_p50_ns", .pairs = 499, .spread = 0.05, .margin = 0.03};
  EXPECT_FALSE(decision_of(decide_job(session, {.noise = &noise_model}), Metric::rtt_p50, id).gated);
}

NoiseModel learnt(std::size_t pairs, std::vector<RoundMargin> margins) {
  NoiseModel model;
  model.figures = {{.case_id = kSampleCase,
                    .metric = "rtt_p50_ns",
                    .pairs = pairs,
                    .spread = 0.03,
                    .margin = margins.front().margin,
                    .margins = std::move(margins)}};
  return model;
}

TEST(JobOutcome, TheCalibratedMarginWidensTheDecision) {
  const PairSession session = sample_session(40, noise(0.005, 18, 0.05));
  EXPECT_EQ(verdict_of_rtt(session), FigureVerdict::candidate);
  const NoiseModel noise_model = learnt(500, {{40, 0.08}});
  EXPECT_EQ(verdict_of_rtt(session, {.noise = &noise_model}), FigureVerdict::same);
}

TEST(JobOutcome, AMarginFromTooFewPairsMakesNothingPass) {
  const NoiseModel few = learnt(499, {{10, 0.15}});
  const auto verdict_with = [&](double shift) {
    return verdict_of_rtt(sample_session(40, noise(0.005, 18, shift)), {.noise = &few});
  };
  EXPECT_EQ(verdict_with(0.05), FigureVerdict::inconclusive) << "worse by the least change, not by the advice";
  EXPECT_EQ(verdict_with(-0.05), FigureVerdict::inconclusive);
  EXPECT_EQ(verdict_with(0), FigureVerdict::same);
  EXPECT_EQ(verdict_with(0.25), FigureVerdict::candidate) << "worse by both";
  const JobOutcome outcome = decide_job(sample_session(40, noise(0.005, 18, 0.05)), {.noise = &few, .strict = true});
  EXPECT_THAT(decision_of(outcome, Metric::rtt_p50).reason, HasSubstr("fewer than 500 pairs"));
  EXPECT_EQ(exit_code_of(verdict_of(outcome)), 3);
}

TEST(JobOutcome, AMarginIsThatOfTheRoundsInUse) {
  const NoiseModel noise_model = learnt(600, {{10, 0.09}, {40, 0.06}, {80, 0.03}});
  const auto margin_for = [&](int rounds) {
    const JobOutcome outcome = decide_job(sample_session(rounds, noise(0.005, 18)), {.noise = &noise_model});
    return decision_of(outcome, Metric::rtt_p50).margin;
  };
  EXPECT_EQ(margin_for(10).value, 0.09);
  EXPECT_EQ(margin_for(39).value, 0.09);
  EXPECT_EQ(margin_for(40).value, 0.06);
  EXPECT_EQ(margin_for(500).value, 0.03);
  const Margin below = margin_for(5);
  EXPECT_EQ(below.value, 0.02) << "nothing was learnt for so few rounds";
  EXPECT_DOUBLE_EQ(below.advice, 0.09 * std::sqrt(2.0));
}

TEST(JobOutcome, FreshRoundsHaveAMarginOfTheirOwn) {
  const NoiseModel noise_model = learnt(600, {{40, 0.08}, {80, 0.03}});
  PairSession session = sample_session(40, noise(0.005, 18, 0.10));
  add_fresh_rounds(session, kSampleCase, 80, noise(0.005, 19, 0.05));
  const JobOutcome outcome = decide_job(session, {.noise = &noise_model});
  const Decision& decision = decision_of(outcome, Metric::rtt_p50);
  EXPECT_EQ(decision.verdict, FigureVerdict::regressed);
  EXPECT_EQ(decision.margin.value, 0.08);
  EXPECT_EQ(decision.last_margin().value, 0.03);
}

TEST(JobOutcome, FreshRoundsThatDecideNothingConfirmNothing) {
  for (const auto& [rounds, scatter, words] :
       {std::tuple(3, 0.01, "an interval at this level needs"), std::tuple(80, 0.08, "crosses the margin")}) {
    PairSession session = sample_session(40, noise(0.01, 2, kTenPercent));
    add_fresh_rounds(session, kSampleCase, rounds, noise(scatter, 5, 0.02));
    const JobOutcome outcome = decide_job(session, {.strict = true});
    EXPECT_EQ(decision_of(outcome, Metric::rtt_p50).verdict, FigureVerdict::inconclusive) << rounds;
    EXPECT_THAT(decision_of(outcome, Metric::rtt_p50).reason, HasSubstr(words));
    EXPECT_EQ(exit_code_of(verdict_of(outcome)), 3);
  }
}

TEST(JobOutcome, FreshRoundsThatSayTheOppositeAreUndecided) {
  PairSession session = sample_session(40, noise(0.01, 2, kTenPercent));
  add_fresh_rounds(session, kSampleCase, 80, noise(0.01, 3, -kTenPercent));
  const JobOutcome outcome = decide_job(session, {});
  EXPECT_EQ(decision_of(outcome, Metric::rtt_p50).verdict, FigureVerdict::inconclusive);
  EXPECT_THAT(decision_of(outcome, Metric::rtt_p50).reason, HasSubstr("contradict"));
}

TEST(JobOutcome, BaseAndHeadAreOfThePairsThatTheChangeIsOf) {
  const std::string id = "ping-pong/pipe/block/64/same-l3";
  PairSession session = sample_session(0, noise(0, 1));
  add_case(session, id, 40, noise(0.01, 4));
  // In a third of the pairs one arm ran in another state, in which everything takes three times as long.
  for (LaunchPair& pair : session.pairs) {
    pair.base.canary_ns = pair.head.canary_ns = {115, 115};
    if (pair.round % 3 != 0) continue;
    pair.head.canary_ns = {500, 500};
    pair.head.rtt_p50_ns = 3 * *pair.head.rtt_p50_ns;
  }
  const Decision decision = decision_of(decide_job(session, {}), Metric::rtt_p50, id);
  EXPECT_EQ(decision.first.n, 26u);
  EXPECT_NEAR(*decision.base, 5000, 100);
  EXPECT_NEAR(*decision.head, 5000, 100);
  EXPECT_NEAR(std::log(*decision.head / *decision.base), decision.first.median, 0.001);
}

// Both arms of a pair are on the same of two levels, so that each arm's median may fall on either.
TEST(JobOutcome, BaseAndHeadDoNotContradictTheChange) {
  PairSession session = sample_session(41, noise(0.002, 4));
  for (LaunchPair& pair : session.pairs) {
    const bool slow = pair.round % 2 == 1;
    for (LaunchMetrics* launch_metrics : {&pair.base, &pair.head}) *launch_metrics->rtt_p50_ns *= slow ? 1.19 : 1;
    if (pair.round == 0) *pair.head.rtt_p50_ns *= 1.19;  // one arm alone: its median moves to the other level
  }
  const Decision decision = decision_of(decide_job(session, {}), Metric::rtt_p50);
  EXPECT_LT(std::abs(decision.first.median), 0.01);
  EXPECT_NEAR(std::log(*decision.head / *decision.base), decision.first.median, 0.001);
}

TEST(JobOutcome, BuildsOfTwoTypesAreComparedAndItIsSaid) {
  PairSession session = sample_session(40, noise(0.01, 1));
  session.header.base.build = BuildInfo{"0.1.0", "a", "GNU 12", "", "Debug"};
  session.header.head.build = BuildInfo{"0.1.0", "b", "GNU 12", "", "Release"};
  const JobOutcome outcome = decide_job(session, {});
  ASSERT_FALSE(outcome.notes.empty());
  EXPECT_THAT(outcome.notes.front(), HasSubstr("build type: Debug and Release"));
}

TEST(JobOutcome, ACaseThatOneArmLacksIsMissing) {
  PairSession session = sample_session(0, noise(0, 1));
  session.header.cases[0].reason = "head has no such case";
  session.header.cases[0].missing = true;
  const JobOutcome outcome = decide_job(session, {});
  ASSERT_EQ(outcome.left_out.size(), 1u);
  EXPECT_EQ(outcome.left_out[0].kind, LeftOutKind::missing);
  EXPECT_EQ(exit_code_of(verdict_of(outcome)), 5) << "nothing was compared";
}

TEST(JobOutcome, NothingMeasuredIsSkippedOrNotComparable) {
  PairSession session = sample_session(0, noise(0, 1));
  session.header.cases[0].reason = "posix message queues are not mounted";
  EXPECT_EQ(exit_code_of(verdict_of(decide_job(session, {}))), 77);
  session.header.cases.clear();
  EXPECT_EQ(exit_code_of(verdict_of(decide_job(session, {}))), 5);
}

TEST(JobOutcome, PairsThatLimitsChangedAreLeftOutOrNamed) {
  PairSession session = sample_session(40, noise(0.01, 1));
  for (std::size_t i = 0; i < session.pairs.size(); ++i) {
    if (i % 4 == 0) session.pairs[i].head.limits_met = "memory.max was hit";
    if (i % 4 == 1) session.pairs[i].base.limits_met = session.pairs[i].head.limits_met = "a pipe has 8192 bytes";
  }
  const JobOutcome outcome = decide_job(session, {});
  EXPECT_EQ(decision_of(outcome, Metric::rtt_p50).first.n, 30u);
  EXPECT_THAT(outcome.notes, testing::Contains(HasSubstr("10 of 40 pairs left out: limits of the host changed the two "
                                                         "arms differently")));
  EXPECT_THAT(outcome.notes,
              testing::Contains(HasSubstr("10 of 40 pairs were changed by limits of the host, in both")));
}

TEST(JobOutcome, AnInterruptedJobSaysSo) {
  JobOutcome outcome = decide_job(sample_session(40, noise(0.01, 1)), {});
  outcome.interrupted = true;
  EXPECT_EQ(exit_code_of(verdict_of(outcome)), 130);
}

TEST(JobOutcome, StrictOnlyMindsWhatIsGated) {
  PairSession session = sample_session(40, noise(0.01, 19));
  add_case(session, "ping-pong/pipe/block/64/same-l3", 40, noise(0.2, 20));
  EXPECT_EQ(verdict_of(decide_job(session, {.strict = true})), JobVerdict::pass);
}

}  // namespace
}  // namespace ipcbench
