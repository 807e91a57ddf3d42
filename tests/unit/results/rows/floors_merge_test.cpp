#include <gtest/gtest.h>

#include "results/rows/floors.h"

namespace ipcbench {
namespace {

FloorRecord sample(Placement placement, std::optional<double> line_ns, double futex_ns) {
  return {.placement = placement,
          .cpus = {0, 1},
          .clock_read_ns = 40,
          .cache_line_rtt_ns = line_ns,
          .futex_rtt_ns = futex_ns,
          .memcpy = {{.size = 64, .bytes_per_s = futex_ns}}};
}

const std::vector<StateRecord> kStates = {
    {.placement = Placement::same_l3, .clusters_ns = {{"near", {80, 100}}, {"far", {400, 500}}}, .used = "near"}};

TEST(MergeFloors, TakesTheMedianOfTheSamplesInTheTablesState) {
  const std::vector<FloorRecord> merged =
      merge_floors({sample(Placement::same_l3, 85, 30), sample(Placement::same_l3, 450, 900),
                    sample(Placement::same_l3, 90, 32), sample(Placement::same_l3, 95, 34)},
                   kStates);
  ASSERT_EQ(merged.size(), 1u);
  EXPECT_EQ(merged[0].state, "near");
  EXPECT_EQ(merged[0].cache_line_rtt_ns, 90);
  EXPECT_EQ(merged[0].futex_rtt_ns, 32);
  EXPECT_EQ(merged[0].memcpy[0].bytes_per_s, 32);
  EXPECT_EQ(merged[0].syscall_ns, std::nullopt);
}

TEST(MergeFloors, SaysSoWhereNoSampleWasInThatState) {
  const std::vector<FloorRecord> merged = merge_floors({sample(Placement::same_l3, 450, 50)}, kStates);
  ASSERT_EQ(merged.size(), 1u);
  EXPECT_EQ(merged[0].state, "mixed");
  EXPECT_EQ(merged[0].cache_line_rtt_ns, 450);
}

TEST(MergeFloors, OneCpuHasNoStates) {
  const std::vector<FloorRecord> merged =
      merge_floors({sample(Placement::same_cpu, std::nullopt, 4), sample(Placement::same_l3, 90, 30),
                    sample(Placement::same_cpu, std::nullopt, 6)},
                   kStates);
  ASSERT_EQ(merged.size(), 2u);
  EXPECT_EQ(merged[0].placement, Placement::same_cpu);
  EXPECT_EQ(merged[0].state, "");
  EXPECT_EQ(merged[0].futex_rtt_ns, 5);
  EXPECT_EQ(merged[1].placement, Placement::same_l3);
}

}  // namespace
}  // namespace ipcbench
