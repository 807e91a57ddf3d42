#include "results/compare/noise_model.h"

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/compare/learn_noise.h"
#include "results/figures/statistics.h"
#include "results/files/noise_file.h"
#include "results/gate/resampling.h"
#include "results/gate/result_diff.h"
#include "results/model/result_error.h"
#include "tests/support/sample_pairs.h"

namespace ipcbench {
namespace {

using ::testing::DoubleNear;
using ::testing::HasSubstr;

TEST(NoiseModel, SpreadIsTheStandardDeviationOfNormalNoise) {
  std::vector<double> values;
  const auto draw = noise(0.04, 1);
  for (int n = 0; n < 4000; ++n) values.push_back(draw(n));
  EXPECT_THAT(robust_spread(values), DoubleNear(0.04, 0.002));
}

TEST(NoiseModel, TheMarginIsWhatTheMedianOfAJobStaysUnder) {
  // The median of 40 normal values has the standard deviation 1.2533 sd / sqrt(40); 99 % lie within 2.576 of these.
  std::vector<double> values;
  const auto draw = noise(0.04, 2);
  for (int n = 0; n < 2000; ++n) values.push_back(draw(n));
  const double margin = margin_of_jobs(values, {.rounds = 40, .jobs = 4000});
  EXPECT_THAT(margin, DoubleNear(2.576 * 1.2533 * 0.04 / std::sqrt(40.0), 0.002));
  EXPECT_EQ(margin, margin_of_jobs(values, {.rounds = 40, .jobs = 4000})) << "deterministic";
}

TEST(NoiseModel, FlippedSignsForgetAShiftBetweenTheArms) {
  // The arms are the same, so that a shift of the first says nothing about a build.
  const std::vector<double> shifted(100, 0.05);
  EXPECT_THAT(margin_of_jobs(shifted, {.rounds = 41, .jobs = 1000}), DoubleNear(0.05, 1e-12));
  const std::vector<double> none(100, 0.0);
  EXPECT_EQ(margin_of_jobs(none, {.rounds = 41, .jobs = 100}), 0);
}

TEST(NoiseModel, FewPairsAreAdvice) {
  const std::vector<PairSession> few = {sample_session(499, noise(0.02, 3))};
  NoiseModel model = learn_noise(few, {.jobs = 200});
  ASSERT_NE(model.find(kSampleCase, Metric::rtt_p50), nullptr);
  EXPECT_FALSE(model.find(kSampleCase, Metric::rtt_p50)->is_settled());
  EXPECT_THAT(model.find(kSampleCase, Metric::rtt_p50)->reason, HasSubstr("499 pairs of 500"));
  const std::vector<PairSession> enough = {sample_session(300, noise(0.02, 3)), sample_session(200, noise(0.02, 4))};
  model = learn_noise(enough, {.jobs = 200});
  EXPECT_TRUE(model.find(kSampleCase, Metric::rtt_p50)->is_settled());
  EXPECT_EQ(model.find(kSampleCase, Metric::rtt_p50)->pairs, 500u);
  EXPECT_EQ(model.machine_class, "sample machine");
}

TEST(NoiseModel, CountsWithoutNoiseNeedFewPairs) {
  PairSession session = sample_session(10, noise(0.02, 3));
  add_counted_rounds(session, kSampleCase, 10, 4, 4);
  const NoiseModel model = learn_noise(std::vector<PairSession>{session}, {.jobs = 50});
  EXPECT_TRUE(model.find(kSampleCase, Metric::syscalls)->is_settled());
  EXPECT_EQ(model.find(kSampleCase, Metric::syscalls)->margin, 0);
  EXPECT_FALSE(model.find(kSampleCase, Metric::rtt_p50)->is_settled());
}

TEST(NoiseModel, RunsCountWhenTheyAreAnHourApartOrOfAnotherBoot) {
  std::vector<PairSession> sessions;
  for (int n = 0; n < 30; ++n) {
    sessions.push_back(sample_session(5, noise(0.01, 5), 5000 * (1 + 0.01 * (n % 3))));
    sessions.back().header.started =
        "2026-11-" + std::to_string(10 + n / 10) + "T1" + std::to_string(n % 10) + ":00:00Z";
  }
  const NoiseModel apart = learn_noise(sessions, {.jobs = 50});
  const NoiseFigure* figure = apart.find(kSampleCase, Metric::rtt_p50);
  EXPECT_EQ(figure->runs, 30u);
  ASSERT_TRUE(figure->run_margin);
  EXPECT_THAT(*figure->run_margin, DoubleNear(std::log(1.02), 0.01));

  for (PairSession& session : sessions) session.header.started = "2026-11-10T10:00:00Z";
  EXPECT_EQ(learn_noise(sessions, {.jobs = 50}).find(kSampleCase, Metric::rtt_p50)->runs, 1u);
  EXPECT_FALSE(learn_noise(sessions, {.jobs = 50}).find(kSampleCase, Metric::rtt_p50)->run_margin);
  for (std::size_t n = 0; n < sessions.size(); ++n) sessions[n].header.boot = "boot-" + std::to_string(n);
  EXPECT_EQ(learn_noise(sessions, {.jobs = 50}).find(kSampleCase, Metric::rtt_p50)->runs, 30u);
}

// A stored result has figures of one state: how often a run met the others says nothing of how far runs differ.
TEST(NoiseModel, RunsDifferByThePairsOfTheirCommonestState) {
  std::vector<PairSession> sessions;
  for (int run = 0; run < 20; ++run) {
    PairSession session = sample_session(20, noise(0.01, 5));
    session.header.boot = "boot-" + std::to_string(run);
    for (LaunchPair& pair : session.pairs) {
      pair.base.canary_ns = pair.head.canary_ns = std::array{100.0, 100.0};
      const int others = run % 2 == 0 ? 1 : 9;
      if (pair.round >= others) continue;
      pair.head.canary_ns = std::array{300.0, 300.0};  // the arms are in different states
      pair.head.rtt_p50_ns = 3 * 5000.0;
      if (pair.round % 2 == 0) continue;
      pair.base.canary_ns = pair.head.canary_ns;  // both arms are in the other one
      pair.base.rtt_p50_ns = 3 * 5000.0;
    }
    sessions.push_back(session);
  }
  const NoiseModel model = learn_noise(sessions, {.jobs = 50});
  const NoiseFigure* figure = model.find(kSampleCase, Metric::rtt_p50);
  ASSERT_TRUE(figure->run_margin);
  EXPECT_LT(*figure->run_margin, 0.01);
}

TEST(NoiseModel, ComesBackFromJson) {
  NoiseModel model = learn_noise(std::vector<PairSession>{sample_session(50, noise(0.02, 3))}, {.jobs = 100});
  model.created = "2026-11-21T18:00:00Z";
  const std::string text = to_json(model);
  const NoiseModel back = noise_from_json(text, "noise.json");
  EXPECT_EQ(to_json(back), text);
  EXPECT_EQ(back.figures.size(), model.figures.size());
}

TEST(NoiseModel, RefusesWhatIsNone) {
  const std::string good = to_json(NoiseModel{});
  EXPECT_THROW(noise_from_json(good.substr(0, good.size() / 2), "n"), ResultError);
  EXPECT_THROW(noise_from_json("[]", "n"), ResultError);
  EXPECT_THROW(noise_from_json(R"({"schema": "ipcbench-result", "version": 1})", "n"), ResultError);
  std::string other = good;
  other.replace(other.find("\"version\": 1"), 12, "\"version\": 2");
  EXPECT_THROW(noise_from_json(other, "n"), ResultError);
}

TEST(Rate, HasTheBoundsOfClopperAndPearson) {
  // 1 - 0.05^(1/60), and the classical table.
  EXPECT_THAT((Rate{0, 60}.high()), DoubleNear(1 - std::pow(0.05, 1.0 / 60), 1e-9));
  EXPECT_EQ((Rate{0, 60}.low()), 0);
  EXPECT_EQ((Rate{20, 20}.high()), 1);
  EXPECT_THAT((Rate{20, 20}.low()), DoubleNear(std::pow(0.05, 1.0 / 20), 1e-9));
  EXPECT_THAT((Rate{5, 10}.low()), DoubleNear(0.2224, 1e-4));
  EXPECT_THAT((Rate{5, 10}.high()), DoubleNear(0.7776, 1e-4));
}

TEST(Resampling, IdenticalBuildsHardlyEverRegress) {
  const std::vector<PairSession> sessions = {sample_session(600, noise(0.03, 21))};
  const NoiseModel model = learn_noise(sessions, {.jobs = 500});
  const ResampledJobs jobs = resample_jobs(sessions, model, {.jobs = 1000});
  EXPECT_EQ(jobs.figures, 1u);
  EXPECT_EQ(jobs.regressed.trials, 1000u);
  EXPECT_LE(jobs.regressed.hits, 5u);
}

TEST(Resampling, TenPercentIsCaughtAndNothingElseBlamed) {
  std::vector<PairSession> sessions = {sample_session(600, noise(0.03, 22))};
  add_case(sessions[0], "ping-pong/tcp/block/64/same-cpu", 600, noise(0.03, 23));
  const NoiseModel model = learn_noise(sessions, {.jobs = 500});
  const ResampledJobs jobs = resample_jobs(sessions, model, {.jobs = 400, .slowdown = 0.10});
  EXPECT_EQ(jobs.caught.trials, 400u);
  EXPECT_GE(jobs.caught.hits, 390u);
  EXPECT_EQ(jobs.improved.hits, 0u);
  EXPECT_LE(jobs.regressed.hits, 4u);
  ASSERT_EQ(jobs.caught_by_case.size(), 2u);
  EXPECT_EQ(jobs.caught_by_case[0].second.trials, 200u);
}

TEST(Resampling, TooMuchNoiseHasNoPower) {
  const std::vector<PairSession> sessions = {sample_session(600, noise(0.09, 24))};
  const NoiseModel model = learn_noise(sessions, {.jobs = 500});
  const ResampledJobs jobs = resample_jobs(sessions, model, {.jobs = 300, .slowdown = 0.03});
  EXPECT_LT(jobs.caught.value(), 0.5);
}

TEST(Bootstrap, TheIntervalHoldsTheDifferenceAndIsTheSameEveryTime) {
  std::vector<double> base, head;
  const auto draw = noise(0.01, 31);
  for (int n = 0; n < 20; ++n) {
    base.push_back(8 + draw(n));
    head.push_back(8.1 + draw(n + 100));
  }
  const Estimate first = bootstrap_difference({.base = base, .head = head}, 0.025, 7);
  ASSERT_TRUE(first.interval);
  EXPECT_LT(first.interval->low, 0.1);
  EXPECT_GT(first.interval->high, 0.1);
  EXPECT_GT(first.interval->low, 0.08);
  EXPECT_LT(first.interval->high, 0.12);
  const Estimate again = bootstrap_difference({.base = base, .head = head}, 0.025, 7);
  EXPECT_EQ(first.interval->low, again.interval->low);
  EXPECT_EQ(first.interval->high, again.interval->high);
}

TEST(Bootstrap, AReferenceThatMovesAlikeTakesTheShiftAway) {
  const std::vector<double> base(9, 8.0), head(9, 8.5), base_reference(9, 5.0), head_reference(9, 5.5);
  const Estimate plain = bootstrap_difference({.base = base, .head = head}, 0.025, 1);
  EXPECT_DOUBLE_EQ(plain.median, 0.5);
  const Estimate normalised = bootstrap_difference(
      {.base = base, .head = head, .base_reference = base_reference, .head_reference = head_reference}, 0.025, 1);
  EXPECT_DOUBLE_EQ(normalised.median, 0);
}

TEST(Bootstrap, UnderSixLaunchesThereIsNoInterval) {
  const std::vector<double> five(5, 8.0), nine(9, 8.0);
  EXPECT_FALSE(bootstrap_difference({.base = five, .head = nine}, 0.025, 1).interval);
  EXPECT_TRUE(bootstrap_difference({.base = nine, .head = nine}, 0.025, 1).interval);
}

}  // namespace
}  // namespace ipcbench
