#include "cli/options/calibration_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/sample_pairs.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kBroken = "ping-pong/udp/block/64/same-cpu";

// Returns a store in which one case has 12 pairs, and another broke after 2.
PairFile store_with_a_broken_case() {
  PairSession session = sample_session(12, noise(0.01, 1));
  add_case(session, kBroken, 2, noise(0.01, 2));
  return {.sessions = {session}, .torn = ""};
}

TEST(CalibrationSteps, ACaseIsMeasuredAsOftenAsItLacks) {
  const PairFile store = store_with_a_broken_case();
  std::vector<JobStep> steps = steps_up_to(12, store, {kSampleCase, kBroken});
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].rounds, 10);
  EXPECT_THAT(steps[0].cases, ElementsAre(kBroken));
  EXPECT_EQ(pairs_in(steps), 10U);
  steps = steps_up_to(20, store, {kSampleCase, kBroken});
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].rounds, 8);
  EXPECT_THAT(steps[0].cases, ElementsAre(kSampleCase, kBroken));
  EXPECT_EQ(steps[1].rounds, 18);
  EXPECT_THAT(steps[1].cases, ElementsAre(kBroken));
  EXPECT_EQ(pairs_in(steps), 26U);
  EXPECT_THAT(steps_up_to(2, store, {kSampleCase, kBroken}), IsEmpty());
}

TEST(CalibrationSteps, WhatIsUnfinishedIsSaidWithItsCause) {
  const PairFile store = store_with_a_broken_case();
  const std::vector<std::string> cases = {kSampleCase, kBroken};
  const std::string given_up =
      "given up, since its launches broke: ping-pong/udp/block/64/same-cpu (2 of 12 rounds); the same command tries "
      "again";
  EXPECT_EQ(unfinished_text(12, store, cases, {kBroken}, false), given_up);
  EXPECT_EQ(unfinished_text(12, store, cases, {kBroken}, true), given_up) << "the others have their rounds";
  EXPECT_EQ(unfinished_text(12, store, cases, {}, true),
            "the budget is used up after 2 of 12 rounds; the same command goes on");
  EXPECT_EQ(unfinished_text(12, store, cases, {}, false), "");
  EXPECT_EQ(unfinished_text(2, store, cases, {kBroken}, true), "");
  EXPECT_EQ(unfinished_text(12, store, {kSampleCase}, {}, true), "") << "others aren't asked for";
}

}  // namespace
}  // namespace ipcbench
