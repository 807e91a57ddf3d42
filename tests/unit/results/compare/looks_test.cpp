#include "results/compare/looks.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/compare/learn_noise.h"
#include "results/figures/statistics.h"
#include "results/files/pair_file.h"
#include "results/gate/job_outcome.h"
#include "results/gate/resampling.h"
#include "tests/support/sample_pairs.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Looks, DoubleEachTime) {
  EXPECT_THAT(looks_from(40, 5), ElementsAre(40, 80, 160, 320, 640));
  EXPECT_THAT(looks_from(9, 1), ElementsAre(9));
  EXPECT_THAT(fresh_looks(looks_from(40, 2)), ElementsAre(80, 160));
  EXPECT_THAT(fresh_looks(std::vector<int>{kAllRounds}), ElementsAre(kAllRounds));
}

// Nine passes, up to nine repeats for canary states, then passes of cases that go on.
TEST(Looks, PassesOfARunThatGoesOnFollowTheRepeats) {
  const std::vector<int> looks = looks_from(9, 3);
  EXPECT_EQ(passes_seen(looks, 0), 18);
  EXPECT_EQ(passes_seen(looks, 1), 27);
  EXPECT_EQ(passes_seen(looks, 2), 45);
}

TEST(Looks, OfAFileArePositiveAscendingAndFew) {
  EXPECT_EQ(why_no_looks(looks_from(10'000, 5)), "");
  EXPECT_EQ(why_no_looks({}), "");
  EXPECT_THAT(why_no_looks(std::vector<int>{0, 1}), HasSubstr("positive"));
  EXPECT_THAT(why_no_looks(std::vector<int>{40, 40}), HasSubstr("ascend"));
  EXPECT_THAT(why_no_looks(std::vector<int>{1, 2, 3, 4, 5, 6}), HasSubstr("more than 5"));
  EXPECT_THAT(why_no_looks(std::vector<int>{2'000'000'000}), HasSubstr("more than"));
}

PairSession with_looks(PairSession session, std::vector<int> looks) {
  session.header.rounds = looks.front();
  session.header.looks = std::move(looks);
  return session;
}

const Decision& rtt_of(const JobOutcome& outcome) {
  return *std::ranges::find(outcome.decisions, Metric::rtt_p50, &Decision::metric);
}

TEST(Looks, ComeBackFromTheHeader) {
  const PairSession session = with_looks(sample_session(0, noise(0, 1)), {40, 80});
  const std::string line = to_json_line(session.header);
  EXPECT_EQ(pair_header_from_json(line, "pairs").looks, session.header.looks);

  const std::string key = "\"looks\": [40, 80], ";
  std::string old = line;
  ASSERT_NE(old.find(key), std::string::npos) << line;
  EXPECT_THAT(pair_header_from_json(old.erase(old.find(key), key.size()), "pairs").looks, IsEmpty());
  std::string bad = line;
  bad.replace(bad.find(key), key.size(), "\"looks\": [80, 40], ");
  EXPECT_THROW(pair_header_from_json(bad, "pairs"), ResultError);
}

// Both arms are equal at first; later the head takes half as long again.
TEST(Looks, LaterPairsDoNotChangeWhatIsDecided) {
  const auto quiet = noise(0.005, 1);
  const PairSession session =
      with_looks(sample_session(80, [&](int round) { return quiet(round) + (round < 40 ? 0 : 0.4); }), {40, 80});
  const JobOutcome outcome = decide_job(session, {});
  EXPECT_EQ(rtt_of(outcome).verdict, FigureVerdict::same);
  EXPECT_EQ(rtt_of(outcome).rounds, 40);
  EXPECT_EQ(rtt_of(outcome).first.n, 40u);
  EXPECT_FALSE(rtt_of(outcome).next);
}

TEST(Looks, AnUndecidedFigureIsDecidedByALaterLook) {
  const auto wide = noise(0.04, 3, 0.005);
  const JobOutcome at_first = decide_job(with_looks(sample_session(40, wide), {40, 80, 160, 320}), {});
  ASSERT_EQ(rtt_of(at_first).verdict, FigureVerdict::inconclusive);
  EXPECT_EQ(rtt_of(at_first).next, (NextLook{80, false}));
  const JobOutcome later = decide_job(with_looks(sample_session(320, wide), {40, 80, 160, 320}), {});
  EXPECT_EQ(rtt_of(later).verdict, FigureVerdict::same) << rtt_of(later).reason;
  EXPECT_GT(rtt_of(later).rounds, 40);
}

TEST(Looks, APartlyMeasuredLookIsNotUsed) {
  const auto wide = noise(0.04, 3, 0.005);
  const JobOutcome outcome = decide_job(with_looks(sample_session(79, wide), {40, 80}), {});
  EXPECT_EQ(rtt_of(outcome).rounds, 40);
  EXPECT_EQ(rtt_of(outcome).first.n, 40u);
  const JobOutcome none = decide_job(with_looks(sample_session(39, wide), {40, 80}), {});
  EXPECT_EQ(rtt_of(none).verdict, FigureVerdict::inconclusive);
  EXPECT_EQ(rtt_of(none).reason, "the first look was not reached: 39 of 40 rounds");
  EXPECT_EQ(rtt_of(none).next, (NextLook{40, false}));
}

TEST(Looks, ACaseWithoutTimedRoundsIsUndecidedAndNotAbsent) {
  PairSession session = with_looks(sample_session(0, noise(0, 1)), {40, 80});
  add_counted_rounds(session, kSampleCase, 8, 4, 4);
  const JobOutcome outcome = decide_job(session, {.strict = true});
  EXPECT_EQ(outcome.gated, 2u);
  EXPECT_EQ(rtt_of(outcome).verdict, FigureVerdict::inconclusive);
  EXPECT_EQ(rtt_of(outcome).reason, "the first look was not reached");
  EXPECT_EQ(verdict_of(outcome), JobVerdict::too_noisy);
}

TEST(Looks, EachUsesItsPartOfTheError) {
  const auto wide = noise(0.04, 3);
  const PairSession once = with_looks(sample_session(40, wide), {40});
  const PairSession five = with_looks(sample_session(40, wide), looks_from(40, 5));
  std::vector<double> ratios;
  for (const LaunchPair& pair : once.pairs) ratios.push_back(*log_ratio(pair, Metric::rtt_p50));
  const Estimate whole = estimate(ratios, kJobLevel), fifth = estimate(ratios, kJobLevel / 5);
  EXPECT_EQ(rtt_of(decide_job(once, {})).first.interval->low, whole.interval->low);
  EXPECT_EQ(rtt_of(decide_job(five, {})).first.interval->low, fifth.interval->low);
  EXPECT_LT(fifth.interval->low, whole.interval->low);
}

TEST(Looks, CountsWithoutTimingHaveOneLookAtTheWholeError) {
  PairSession session = with_looks(sample_session(40, noise(0.01, 1)), looks_from(40, 5));
  add_counted_rounds(session, kSampleCase, 7, 4, 6);
  const JobOutcome outcome = decide_job(session, {});
  const auto calls = std::ranges::find(outcome.decisions, Metric::syscalls, &Decision::metric);
  ASSERT_NE(calls, outcome.decisions.end());
  EXPECT_EQ(calls->verdict, FigureVerdict::candidate) << calls->reason;
  EXPECT_EQ(calls->rounds, 7);
}

TEST(Looks, TooFewPairsAreSaidWithWhatTheLevelNeeds) {
  const JobOutcome outcome = decide_job(with_looks(sample_session(6, noise(0.01, 1)), looks_from(6, 5)), {});
  // One figure has 5 % / 5: 2^-7 is the first power of a half below it.
  EXPECT_EQ(rtt_of(outcome).reason, "6 usable pairs: an interval at this level needs 7");
  EXPECT_EQ(rtt_of(outcome).next, (NextLook{12, false}));
}

TEST(Looks, FreshRoundsAreLookedAtAsOften) {
  const double shift = std::log(1.1);
  PairSession session = with_looks(sample_session(40, noise(0.01, 2, shift)), {40, 80});
  EXPECT_EQ(rtt_of(decide_job(session, {})).next, (NextLook{80, true}));
  PairSession partly = session;
  add_fresh_rounds(partly, kSampleCase, 79, noise(0.01, 3, shift));
  const JobOutcome begun = decide_job(partly, {});
  EXPECT_EQ(rtt_of(begun).verdict, FigureVerdict::candidate);
  EXPECT_EQ(rtt_of(begun).reason, "not measured again yet: 79 of 80 rounds");

  PairSession wide = session;
  add_fresh_rounds(wide, kSampleCase, 80, noise(0.08, 3, 0.02));
  EXPECT_EQ(rtt_of(decide_job(wide, {})).verdict, FigureVerdict::inconclusive);
  EXPECT_EQ(rtt_of(decide_job(wide, {})).next, (NextLook{160, true}));

  add_fresh_rounds(session, kSampleCase, 160, noise(0.01, 3, shift));
  const JobOutcome done = decide_job(session, {});
  EXPECT_EQ(rtt_of(done).verdict, FigureVerdict::regressed);
  EXPECT_EQ(rtt_of(done).again_rounds, 80);
  EXPECT_FALSE(rtt_of(done).next);
}

TEST(Looks, WhatContradictsItselfIsNotMeasuredOn) {
  PairSession session = with_looks(sample_session(40, noise(0.01, 2, 0.1)), {40, 80});
  add_fresh_rounds(session, kSampleCase, 80, noise(0.01, 3, -0.1));
  const JobOutcome outcome = decide_job(session, {});
  EXPECT_THAT(rtt_of(outcome).reason, HasSubstr("contradict"));
  EXPECT_FALSE(rtt_of(outcome).next);
}

TEST(Looks, UnstableGoesOn) {
  const JobOutcome outcome = decide_job(with_looks(sample_session(40, noise(0.2, 7, 0.1)), {40, 80}), {});
  EXPECT_EQ(rtt_of(outcome).verdict, FigureVerdict::unstable);
  EXPECT_EQ(rtt_of(outcome).next, (NextLook{80, false}));
}

// Returns the verdicts on figures of identical builds, each with its own noise, decided at `looks`.
std::vector<FigureVerdict> verdicts(int jobs, std::size_t figures, const std::vector<int>& looks, double margin,
                                    double shift) {
  std::vector<FigureVerdict> all;
  for (int n = 0; n < jobs * static_cast<int>(figures); ++n) {
    const auto draw = noise(0.05, static_cast<std::uint64_t>(n) * 7919 + 1, shift);
    std::vector<double> ratios;
    for (int round = 0; round < looks.back(); ++round) ratios.push_back(draw(round));
    StageRounds rounds{.reached = looks.back()};
    rounds.estimate = [&](int count, double tail) {
      return estimate(std::span(ratios).first(static_cast<std::size_t>(count)), tail);
    };
    rounds.margin = [&](int, std::size_t) { return Margin{.value = margin}; };
    all.push_back(decide_at_looks(looks, tail_of(figures), nullptr, rounds, {}).verdict);
  }
  return all;
}

std::size_t jobs_with(FigureVerdict wanted, const std::vector<FigureVerdict>& all, std::size_t figures) {
  std::size_t jobs = 0;
  for (std::size_t begin = 0; begin < all.size(); begin += figures) {
    const auto job = all.begin() + static_cast<std::ptrdiff_t>(begin);
    jobs += std::find(job, job + static_cast<std::ptrdiff_t>(figures), wanted) !=
            job + static_cast<std::ptrdiff_t>(figures);
  }
  return jobs;
}

// There is no margin, so that only the intervals separate figures from 0.
TEST(Looks, FiveLooksTogetherErrNoMoreThanAJobMay) {
  constexpr std::size_t kFigures = 4;
  constexpr int kJobs = 300;
  const std::vector<FigureVerdict> all = verdicts(kJobs, kFigures, looks_from(20, 5), 0, 0);
  const double most = kJobs * kJobLevel + 3 * std::sqrt(kJobs * kJobLevel * (1 - kJobLevel));
  EXPECT_LE(static_cast<double>(jobs_with(FigureVerdict::candidate, all, kFigures)), most);
  EXPECT_LE(static_cast<double>(jobs_with(FigureVerdict::improved, all, kFigures)), most);
}

TEST(Looks, FiveLooksDecideMoreThanOne) {
  const auto decided = [](const std::vector<FigureVerdict>& all) {
    return std::ranges::count_if(all, [](FigureVerdict v) { return v != FigureVerdict::inconclusive; });
  };
  const auto caught = [](const std::vector<FigureVerdict>& all) {
    return std::ranges::count(all, FigureVerdict::candidate);
  };
  constexpr int kJobs = 60;
  EXPECT_GT(decided(verdicts(kJobs, 1, looks_from(20, 5), 0.02, 0)), decided(verdicts(kJobs, 1, {20}, 0.02, 0)) + 20);
  EXPECT_GT(caught(verdicts(kJobs, 1, looks_from(20, 5), 0.02, 0.05)),
            caught(verdicts(kJobs, 1, {20}, 0.02, 0.05)) + 20);
}

// Resampled jobs follow the same rule as a real job.
TEST(Looks, ResampledJobsGoOnAsWell) {
  const std::vector<PairSession> sessions = {sample_session(600, noise(0.06, 21))};
  const NoiseModel model = learn_noise(sessions, {.jobs = 200});
  const ResampledJobs once = resample_jobs(sessions, model, {.jobs = 200, .rounds = 20, .margin_jobs = 200});
  const ResampledJobs five =
      resample_jobs(sessions, model, {.jobs = 200, .rounds = 20, .looks = 5, .margin_jobs = 200});
  EXPECT_LT(five.undecided.hits, once.undecided.hits / 2);
  EXPECT_LE(five.regressed.hits, 2u);
}

}  // namespace
}  // namespace ipcbench
