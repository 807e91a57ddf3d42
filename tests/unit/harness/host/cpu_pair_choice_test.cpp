#include "harness/host/cpu_pair_choice.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/recorded_machine.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

// Checks that every pair belongs to its class, occurs once, and that the class's representative is chosen.
void expect_valid(const CpuPairChoice& choice, const Topology& topology) {
  std::set<std::pair<int, int>> seen;
  for (const CpuPairClass& members : choice.classes) {
    for (const CpuPair& pair : members.all) {
      EXPECT_EQ(topology.classify(pair), members.placement);
      EXPECT_TRUE(seen.emplace(pair.producer, pair.consumer).second);
    }
    std::set<std::pair<int, int>> chosen;
    for (const CpuPair& pair : members.chosen) {
      EXPECT_TRUE(seen.count({pair.producer, pair.consumer}) == 1);
      EXPECT_TRUE(chosen.emplace(pair.producer, pair.consumer).second);
    }
    EXPECT_THAT(members.chosen, testing::Contains(topology.pair(members.placement).value()));
  }
}

TEST(ChooseCpuPairs, OneCpuHasNone) {
  const CpuPairChoice choice = choose_cpu_pairs(machine("one-cpu"), 10s, 4ms, 1s);
  EXPECT_TRUE(choice.classes.empty());
  EXPECT_EQ(choice.pairs(), 0U);
  EXPECT_TRUE(in_turn(choice).empty());
}

TEST(ChooseCpuPairs, AFewPairsGetTheMostThereIs) {
  const Topology topology = machine("virtual-machine-2-cpus");
  const CpuPairChoice choice = choose_cpu_pairs(topology, 10s, 4ms, 1s);
  EXPECT_EQ(choice.pairs(), 1U);
  EXPECT_EQ(choice.chosen(), 1U);
  EXPECT_EQ(choice.each, 1s);
  expect_valid(choice, topology);
}

TEST(ChooseCpuPairs, ManyPairsShareTheTime) {
  const Topology topology = machine("two-sockets-smt");
  const CpuPairChoice choice = choose_cpu_pairs(topology, 10s, 4ms, 1s);
  EXPECT_EQ(choice.pairs(), 32U * 31 / 2);
  EXPECT_EQ(choice.chosen(), choice.pairs());
  EXPECT_LE(choice.each * 496, 10s);
  EXPECT_GE(choice.each, 4ms);
  expect_valid(choice, topology);
}

TEST(ChooseCpuPairs, TooManyPairsLeaveSomeOfEachClass) {
  const Topology topology = machine("two-sockets-smt");
  const CpuPairChoice choice = choose_cpu_pairs(topology, 400ms, 4ms, 1s);
  EXPECT_EQ(choice.chosen(), 100U);
  EXPECT_EQ(choice.each, 4ms);
  ASSERT_EQ(choice.classes.front().placement, Placement::smt);
  EXPECT_EQ(choice.classes.front().chosen.size(), 16U) << "a small class has all of its pairs";
  expect_valid(choice, topology);
}

TEST(ChooseCpuPairs, EvenNoTimeLeavesOnePairOfEachClass) {
  const Topology topology = machine("two-sockets-smt");
  const CpuPairChoice choice = choose_cpu_pairs(topology, 1ms, 4ms, 1s);
  for (const CpuPairClass& members : choice.classes) EXPECT_EQ(members.chosen.size(), 1U);
  expect_valid(choice, topology);
}

TEST(ChooseCpuPairs, ChoosesTheSameAgain) {
  const Topology topology = machine("two-sockets-smt");
  EXPECT_EQ(in_turn(choose_cpu_pairs(topology, 400ms, 4ms, 1s)), in_turn(choose_cpu_pairs(topology, 400ms, 4ms, 1s)));
}

TEST(ChooseCpuPairs, InTurnBeginsWithOneOfEachClass) {
  const Topology topology = machine("two-sockets-smt");
  const CpuPairChoice choice = choose_cpu_pairs(topology, 400ms, 4ms, 1s);
  const std::vector<CpuPair> turns = in_turn(choice);
  EXPECT_EQ(turns.size(), choice.chosen());
  for (std::size_t n = 0; n < choice.classes.size(); ++n)
    EXPECT_EQ(topology.classify(turns[n]), choice.classes[n].placement);
}

}  // namespace
}  // namespace ipcbench
