#include "harness/measure/floors.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "harness/os/affinity.h"

namespace ipcbench {
namespace {

constexpr std::array<std::size_t, 3> kSizes{64, 100, 65536};

void expect_complete(const Floors& floors) {
  EXPECT_GT(floors.clock_read_ns, 0);
  EXPECT_GT(floors.syscall_ns, 0);
  ASSERT_TRUE(floors.futex_rtt_ns);
  EXPECT_GT(*floors.futex_rtt_ns, floors.syscall_ns);
  ASSERT_EQ(floors.memcpy.size(), kSizes.size());
  ASSERT_EQ(floors.line_touch.size(), kSizes.size());
  for (std::size_t i = 0; i < kSizes.size(); ++i) {
    EXPECT_EQ(floors.memcpy[i].size, kSizes[i]);
    EXPECT_GT(floors.memcpy[i].bytes_per_s, 0);
    EXPECT_EQ(floors.line_touch[i].size, kSizes[i]);
    EXPECT_GT(floors.line_touch[i].bytes_per_s, 0);
  }
}

TEST(Floors, OneCpuHasAllButTheCacheLine) {
  const std::vector<int> before = allowed_cpus();
  const int cpu = before.front();
  const Floors floors = measure_floors(Clock{}, cpu, cpu, kSizes);
  EXPECT_EQ(floors.producer_cpu, cpu);
  EXPECT_EQ(floors.consumer_cpu, cpu);
  EXPECT_FALSE(floors.cache_line_rtt_ns);
  expect_complete(floors);
  EXPECT_EQ(allowed_cpus(), before);
}

TEST(Floors, TwoCpusHaveAll) {
  const std::vector<int> cpus = allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "one CPU allowed";
  const Floors floors = measure_floors(Clock{}, cpus[0], cpus[1], kSizes);
  ASSERT_TRUE(floors.cache_line_rtt_ns);
  EXPECT_GT(*floors.cache_line_rtt_ns, 0);
  expect_complete(floors);
}

TEST(Floors, NoSizesMeanNoBandwidths) {
  const Floors floors = measure_floors(Clock{}, -1, -1, {});
  EXPECT_GT(floors.futex_rtt_ns.value_or(0), 0);
  EXPECT_FALSE(floors.cache_line_rtt_ns);
  EXPECT_TRUE(floors.memcpy.empty());
  EXPECT_TRUE(floors.line_touch.empty());
}

}  // namespace
}  // namespace ipcbench
