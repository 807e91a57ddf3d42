#include "harness/floors/launch_class.h"

#include <functional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

constexpr int kSlicesOfALaunch = 20;

// Simulates 20 slices of `shape` (1: the usual value) with independent normal noise.
class Launches {
 public:
  std::vector<double> simulate(const std::function<double(int)>& shape, double deviation) {
    std::normal_distribution<double> noise(1, deviation);
    std::vector<double> slices;
    for (int i = 0; i < kSlicesOfALaunch; ++i) slices.push_back(5'000 * shape(i) * noise(random_));
    return slices;
  }

  // Returns the share of 2000 launches that is classified as `expected`.
  double part_of(LaunchClass expected, const std::function<double(int)>& shape, double deviation) {
    constexpr int kLaunches = 2'000;
    int hits = 0;
    for (int i = 0; i < kLaunches; ++i) {
      if (classify(simulate(shape, deviation)) == expected) ++hits;
    }
    return static_cast<double>(hits) / kLaunches;
  }

  std::mt19937_64& random() noexcept { return random_; }

 private:
  std::mt19937_64 random_{20};
};

double level(int) { return 1; }

TEST(LaunchClasses, WhiteNoiseIsFlat) {
  Launches launches;
  EXPECT_EQ(launches.part_of(LaunchClass::flat, level, 0.01), 1);
  for (const double deviation : {0.02, 0.03, 0.05}) {
    EXPECT_GE(launches.part_of(LaunchClass::flat, level, deviation), 0.995) << deviation;
  }
}

TEST(LaunchClasses, OneInterruptedSliceIsNoClass) {
  Launches launches;
  EXPECT_GE(launches.part_of(
                LaunchClass::flat, [](int i) { return i == 9 ? 3.0 : 1.0; }, 0.02),
            0.995);
}

TEST(LaunchClasses, SlowTrendIsDriftInBothDirections) {
  Launches launches;
  EXPECT_GE(launches.part_of(
                LaunchClass::drift, [](int i) { return 1 + 0.3 * i / 19; }, 0.02),
            0.98);
  EXPECT_GE(launches.part_of(
                LaunchClass::drift, [](int i) { return 1 - 0.3 * i / 19; }, 0.02),
            0.98);
}

TEST(LaunchClasses, OneChangeOfLevelIsAStep) {
  Launches launches;
  for (const int at : {5, 10, 15}) {
    EXPECT_GE(launches.part_of(
                  LaunchClass::step, [at](int i) { return i < at ? 1.0 : 1.3; }, 0.02),
              0.98)
        << at;
    EXPECT_GE(launches.part_of(
                  LaunchClass::step, [at](int i) { return i < at ? 4.0 : 1.0; }, 0.02),
              0.98)
        << at;
  }
}

// Detection is weaker near the ends: two slices of a short level may pass for outliers.
TEST(LaunchClasses, StepNearAnEndIsMostlyFound) {
  Launches launches;
  for (const int at : {4, 16}) {
    EXPECT_GE(launches.part_of(
                  LaunchClass::step, [at](int i) { return i < at ? 1.0 : 1.3; }, 0.02),
              0.95)
        << at;
  }
}

TEST(LaunchClasses, TwoLevelsInTurnAreBimodal) {
  Launches launches;
  EXPECT_GE(launches.part_of(
                LaunchClass::bimodal, [](int i) { return i / 3 % 2 == 0 ? 1.0 : 4.0; }, 0.03),
            0.98);
  EXPECT_GE(launches.part_of(
                LaunchClass::bimodal, [](int i) { return i >= 8 && i < 14 ? 1.5 : 1.0; }, 0.02),
            0.98);
}

TEST(LaunchClasses, LargeSpreadWithoutAShapeIsUnstable) {
  Launches launches;
  std::uniform_real_distribution<double> anything(0.3, 1.7);
  EXPECT_GE(launches.part_of(
                LaunchClass::unstable, [&](int) { return anything(launches.random()); }, 0.02),
            0.95);
}

TEST(LaunchClasses, WhatChangesByLessThanFivePercentIsFlat) {
  Launches launches;
  EXPECT_EQ(launches.part_of(
                LaunchClass::flat, [](int i) { return 1 + 0.04 * i / 19; }, 0.001),
            1);
  EXPECT_EQ(launches.part_of(
                LaunchClass::flat, [](int i) { return i < 10 ? 1.0 : 1.04; }, 0.001),
            1);
  EXPECT_EQ(launches.part_of(
                LaunchClass::flat, [](int i) { return i % 2 == 0 ? 1.0 : 1.04; }, 0.001),
            1);
}

TEST(LaunchClasses, NoNoiseAtAllIsNoTrouble) {
  const std::vector<double> equal(20, 57.0);
  EXPECT_EQ(classify(equal), LaunchClass::flat);
  std::vector<double> step(20, 57.0);
  for (std::size_t i = 10; i < step.size(); ++i) step[i] = 500;
  EXPECT_EQ(classify(step), LaunchClass::step);
  std::vector<double> ramp;
  for (int i = 0; i < 20; ++i) ramp.push_back(100 + i);
  EXPECT_EQ(classify(ramp), LaunchClass::drift);
}

TEST(LaunchClasses, FewSlicesHaveNoClass) {
  EXPECT_EQ(classify({}), std::nullopt);
  const std::vector<double> three{1, 100, 1};
  EXPECT_EQ(classify(three), std::nullopt);
  const std::vector<double> four{1, 1.01, 1, 1};
  EXPECT_EQ(classify(four), LaunchClass::flat);
}

TEST(LaunchClasses, ClassesHaveNames) {
  EXPECT_EQ(to_string(LaunchClass::flat), "flat");
  EXPECT_EQ(to_string(LaunchClass::drift), "drift");
  EXPECT_EQ(to_string(LaunchClass::step), "step");
  EXPECT_EQ(to_string(LaunchClass::bimodal), "bimodal");
  EXPECT_EQ(to_string(LaunchClass::unstable), "unstable");
}

}  // namespace
}  // namespace ipcbench
