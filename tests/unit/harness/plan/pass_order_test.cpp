#include "harness/plan/pass_order.h"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Their number and which of them are skipped is all that counts.
Plan plan_with_cases(std::size_t cases) {
  Plan plan;
  plan.cases.resize(cases);
  return plan;
}

TEST(PassOrder, IsAPermutationOfTheRunnableCases) {
  Plan plan = plan_with_cases(50);
  plan.cases[7].skip_reason = "no";
  std::vector<std::size_t> order = pass_order(plan, 42, 0);
  EXPECT_THAT(order, SizeIs(49));
  std::sort(order.begin(), order.end());
  EXPECT_EQ(std::unique(order.begin(), order.end()), order.end());
  EXPECT_FALSE(std::binary_search(order.begin(), order.end(), 7u));
}

TEST(PassOrder, ComesBackFromItsSeedEverywhere) {
  const Plan plan = plan_with_cases(8);
  EXPECT_THAT(pass_order(plan, 42, 0), ElementsAre(3, 6, 0, 7, 1, 2, 5, 4));
  EXPECT_THAT(pass_order(plan, 42, -1), ElementsAre(4, 0, 1, 7, 3, 6, 2, 5));
}

TEST(PassOrder, DiffersBetweenPassesAndSeeds) {
  const Plan plan = plan_with_cases(50);
  EXPECT_NE(pass_order(plan, 42, 0), pass_order(plan, 42, 1));
  EXPECT_NE(pass_order(plan, 42, 0), pass_order(plan, 43, 0));
  EXPECT_NE(pass_order(plan, 42, 1), pass_order(plan, 43, 0));
  EXPECT_EQ(pass_order(plan, 42, 3), pass_order(plan, 42, 3));
}

TEST(PassOrder, OfNothingIsEmpty) { EXPECT_THAT(pass_order(Plan{}, 42, 0), IsEmpty()); }

}  // namespace
}  // namespace ipcbench
