#include "results/gate/job_steps.h"

#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/sample_pairs.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr const char* kOther = "ping-pong/tcp/block/64/same-cpu";

PairSession job(int rounds, const std::function<double(int)>& ratio, const std::function<double(int)>& other) {
  PairSession session = sample_session(rounds, ratio);
  add_case(session, kOther, rounds, other);
  session.header.looks = {40, 80, 160};
  return session;
}

JobStep next(const PairSession& session, bool counts = false) {
  return next_step(session, decide_job(session, {}), counts);
}

const auto kQuiet = noise(0.005, 1);
const auto kWide = noise(0.04, 3, 0.005);

TEST(JobSteps, BeginWithTheRoundsThatCountAndThoseUpToTheFirstLook) {
  PairSession session = job(0, kQuiet, kQuiet);
  const JobStep counting = next(session, true);
  EXPECT_TRUE(counting.counts && !counting.confirms);
  EXPECT_EQ(counting.rounds, counting_rounds(session.header));
  EXPECT_THAT(counting.cases, ElementsAre(kSampleCase, kOther));
  for (const std::string& id : counting.cases) add_counted_rounds(session, id, counting.rounds, 4, 4);
  const JobStep timed = next(session, true);
  EXPECT_FALSE(timed.counts);
  EXPECT_EQ(timed.rounds, 40);
  EXPECT_TRUE(timed.is_first(session.header));
  EXPECT_EQ(pairs_lacking(session, timed), 80u);
}

TEST(JobSteps, DoNotCountTheCallsOfCasts) {
  PairSession session = job(0, kQuiet, kQuiet);
  session.header.cases[1].scenario = Scenario::server;
  EXPECT_THAT(next(session, true).cases, ElementsAre(kSampleCase));
  session.header.cases[0].scenario = Scenario::fan_in;
  EXPECT_FALSE(next(session, true).counts) << "there is nothing to count";
}

TEST(JobSteps, EndWhenAllGatedFiguresAreDecided) { EXPECT_THAT(next(job(40, kQuiet, kQuiet)).cases, IsEmpty()); }

TEST(JobSteps, GoOnWithTheUndecidedAlone) {
  const JobStep step = next(job(40, kQuiet, kWide));
  EXPECT_THAT(step.cases, ElementsAre(kOther));
  EXPECT_EQ(step.rounds, 80);
  EXPECT_FALSE(step.confirms || step.counts);
}

TEST(JobSteps, CandidatesComeBeforeTheUndecided) {
  const JobStep step = next(job(40, noise(0.005, 1, 0.1), kWide));
  EXPECT_THAT(step.cases, ElementsAre(kSampleCase));
  EXPECT_TRUE(step.confirms);
  EXPECT_EQ(step.rounds, 80);
}

TEST(JobSteps, OneStepIsOfOneLook) {
  PairSession session = job(40, kWide, kWide);
  EXPECT_THAT(next(session).cases, UnorderedElementsAre(kSampleCase, kOther));
  // One of the cases was measured up to its second look.
  PairSession further = sample_session(80, noise(0.3, 3));
  add_case(further, kOther, 40, kWide);
  further.header.looks = session.header.looks;
  EXPECT_THAT(next(further).cases, ElementsAre(kOther));
  EXPECT_EQ(next(further).rounds, 80);
}

TEST(JobSteps, WhatWasStoppedGoesOnWhereItStopped) {
  PairSession session = job(40, kQuiet, kWide);
  std::erase_if(session.pairs, [](const LaunchPair& pair) { return pair.case_id == kOther && pair.round >= 30; });
  const JobStep step = next(session);
  EXPECT_THAT(step.cases, ElementsAre(kOther));
  EXPECT_EQ(step.rounds, 40);
  EXPECT_EQ(pairs_lacking(session, step, kOther), 10u);
  EXPECT_TRUE(step.is_first(session.header));
}

TEST(JobSteps, CasesThatBrokeOrWereSkippedAreLeftAlone) {
  PairSession session = job(40, kQuiet, kQuiet);
  std::erase_if(session.pairs, [](const LaunchPair& pair) { return pair.round >= 10; });
  for (LaunchPair& pair : session.pairs) {
    if (pair.case_id == kOther) pair.head.status = Status::invalid;
  }
  add_case(session, "ping-pong/udp/block/64/same-cpu", 0, kQuiet);
  session.header.cases.back().reason = "it can't run";
  EXPECT_THAT(next(session).cases, ElementsAre(kSampleCase));
}

TEST(JobSteps, AfterTheLastLookNothingIsLeft) {
  PairSession session = sample_session(160, noise(0.3, 3));
  session.header.looks = {40, 80, 160};
  EXPECT_THAT(next(session).cases, IsEmpty());
}

// Early files were decided once, so that nothing remains to be measured.
TEST(JobSteps, AJobWithoutLooksHasNone) { EXPECT_THAT(next(sample_session(10, kWide)).cases, IsEmpty()); }

TEST(JobSteps, TakeAsLongAsTheirPairsHaveTaken) {
  PairSession session = job(40, kWide, kWide);
  double now = 0;
  for (LaunchPair& pair : session.pairs) {
    pair.at_s = now;
    now += pair.case_id == kOther ? 0.5 : 0.1;
  }
  const JobStep step = next(session);
  EXPECT_NEAR(seconds_for(session, step), 40 * 0.6, 0.01);
  EXPECT_THAT(part_within(session, step, 25).cases, UnorderedElementsAre(kSampleCase, kOther));
  EXPECT_THAT(part_within(session, step, 10).cases, ElementsAre(kSampleCase)) << "the one that takes least";
  EXPECT_THAT(part_within(session, step, 3).cases, IsEmpty());
}

}  // namespace
}  // namespace ipcbench
