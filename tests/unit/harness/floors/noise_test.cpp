#include "harness/floors/noise.h"

#include <array>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "harness/process/affinity.h"

namespace ipcbench {
namespace {

constexpr std::string_view kStat =
    "cpu  11 0 22 3000 4 0 0 17 0 0\n"
    "cpu0 10 0 20 1000 4 0 0 5 0 0\n"
    "cpu1 1 0 2 1000 0 0 0 12 0 0\n"
    "cpu10 0 0 0 1000 0 0 0 0 0 0\n"
    "intr 202125 0 0 14\n"
    "ctxt 5\n";

TEST(Noise, FieldsOfEveryCpuAreSane) {
  const std::vector<int> cpus = allowed_cpus();
  const std::vector<NoiseRecord> noise = measure_noise(Clock{}, cpus, 10'000'000);
  ASSERT_EQ(noise.size(), cpus.size());
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    EXPECT_EQ(noise[i].cpu, cpus[i]);
    EXPECT_GT(noise[i].spin_gap_max_ns, 0);
    EXPECT_GE(noise[i].stolen_ratio, 0);
    EXPECT_LE(noise[i].stolen_ratio, 1);
    EXPECT_EQ(noise[i].spin_gaps == 0, noise[i].stolen_ratio == 0);
    EXPECT_EQ(noise[i].spin_gaps == 0, noise[i].spin_gap_max_ns <= 1000);
    EXPECT_GT(noise[i].wakeups, 0u);
    EXPECT_GT(noise[i].wakeup_max_ns, 0);
    EXPECT_EQ(noise[i].wakeup_p50_ns.has_value(), noise[i].wakeups >= 20);
    EXPECT_LE(noise[i].wakeup_p50_ns.value_or(0), noise[i].wakeup_max_ns.value_or(0) * 1.01);
  }
  EXPECT_EQ(allowed_cpus(), cpus);
}

TEST(Noise, AMedianNeedsTenSleepsAboveIt) {
  const std::vector<int> one = {allowed_cpus().front()};
  const NoiseRecord shortest = measure_noise(Clock{}, one, 1)[0];
  EXPECT_EQ(shortest.wakeups, 1u);
  EXPECT_EQ(shortest.wakeup_p50_ns, std::nullopt);
  EXPECT_GT(shortest.wakeup_max_ns, 0);
}

TEST(SystemCounters, StealIsThatOfTheGivenCpus) {
  const std::array<int, 1> first{0};
  const std::array<int, 2> two{1, 0};
  EXPECT_EQ(parse_system_counters(kStat, first, 100).steal_ns, 50'000'000u);
  EXPECT_EQ(parse_system_counters(kStat, two, 100).steal_ns, 170'000'000u);
  EXPECT_EQ(parse_system_counters(kStat, two, 1000).steal_ns, 17'000'000u);
  EXPECT_EQ(parse_system_counters(kStat, {}, 100).steal_ns, 170'000'000u);
}

TEST(SystemCounters, InterruptsAreTheMachines) {
  const std::array<int, 1> first{0};
  EXPECT_EQ(parse_system_counters(kStat, first, 100).interrupts, 202'125u);
}

TEST(SystemCounters, WhatIsNotThereIsNotZero) {
  const std::array<int, 2> unknown{0, 7};
  EXPECT_FALSE(parse_system_counters(kStat, unknown, 100).steal_ns);
  const std::array<int, 1> first{0};
  EXPECT_FALSE(parse_system_counters("", first, 100).steal_ns);
  EXPECT_FALSE(parse_system_counters("", first, 100).interrupts);
  EXPECT_FALSE(parse_system_counters("cpu0 1 2 3\n", first, 100).steal_ns);
}

TEST(SystemCounters, ThisMachineCountsInterrupts) {
  const SystemCounters before = read_system_counters(allowed_cpus());
  const SystemCounters after = read_system_counters(allowed_cpus());
  ASSERT_TRUE(before.interrupts);
  ASSERT_TRUE(before.steal_ns);
  EXPECT_GE(*after.interrupts, *before.interrupts);
}

}  // namespace
}  // namespace ipcbench
