#include "results/figures/fairness.h"

#include <vector>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

TEST(JainsIndex, IsOneWhereAllHaveTheSame) { EXPECT_EQ(jains_index(std::vector<double>{5, 5, 5, 5}), 1); }

TEST(JainsIndex, IsTheShareOfSeatsThatHaveSomething) {
  EXPECT_DOUBLE_EQ(*jains_index(std::vector<double>{8, 0, 0, 0}), 0.25);
  EXPECT_DOUBLE_EQ(*jains_index(std::vector<double>{8, 8, 0, 0}), 0.5);
}

// 10 000 / (3 * (3600 + 900 + 100)), worked out by hand.
TEST(JainsIndex, LiesBetweenOtherwise) { EXPECT_NEAR(*jains_index(std::vector<double>{60, 30, 10}), 0.7246, 5e-5); }

TEST(JainsIndex, NeedsTwoAndSomethingToShare) {
  EXPECT_FALSE(jains_index(std::vector<double>{5}));
  EXPECT_FALSE(jains_index(std::vector<double>{0, 0}));
  EXPECT_FALSE(jains_index({}));
}

}  // namespace
}  // namespace ipcbench
