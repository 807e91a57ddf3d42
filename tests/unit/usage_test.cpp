#include "harness/measure/usage.h"

#include <gtest/gtest.h>

#include "harness/os/affinity.h"
#include "harness/os/mapping.h"
#include "harness/os/scoped_affinity.h"

namespace ipcbench {
namespace {

TEST(Usage, DifferenceIsFieldByFieldAndKeepsTheLaterCpu) {
  const UsageSample before{1, 2, 3, 4, 5, 6, 7, 8, 3};
  const UsageSample after{11, 32, 53, 74, 95, 116, 137, 158, 9};
  const UsageSample used = usage_between(before, after);
  EXPECT_EQ(used.cpu_ns, 10u);
  EXPECT_EQ(used.user_ns, 30u);
  EXPECT_EQ(used.system_ns, 50u);
  EXPECT_EQ(used.voluntary, 70u);
  EXPECT_EQ(used.involuntary, 90u);
  EXPECT_EQ(used.minor_faults, 110u);
  EXPECT_EQ(used.major_faults, 130u);
  EXPECT_EQ(used.wall_ns, 150u);
  EXPECT_EQ(used.cpu, 9);
}

TEST(Usage, AnIntervalIsTakenBackButNothingBeforeTheBegin) {
  const UsageSample begin{100, 0, 0, 5, 0, 0, 0, 1000, 1};
  const UsageSample middle{170, 30, 0, 6, 1, 0, 0, 1500, 2};
  const UsageSample end{190, 40, 0, 9, 1, 0, 0, 1700, 3};
  const UsageSample before = usage_before_interval(begin, middle, end);
  EXPECT_EQ(before.cpu_ns, 150u);
  EXPECT_EQ(before.user_ns, 20u);
  EXPECT_EQ(before.voluntary, 5u) << "not below that of the begin";
  EXPECT_EQ(before.involuntary, 1u);
  EXPECT_EQ(before.wall_ns, 1300u);
  EXPECT_EQ(before.cpu, 2);
}

TEST(Usage, WorkShowsInBothClocks) {
  const UsageSample before = sample_usage();
  UsageSample used;
  do {
    used = usage_between(before, sample_usage());
  } while (used.cpu_ns < 5'000'000 && used.wall_ns < 10'000'000'000);
  EXPECT_GE(used.cpu_ns, 5'000'000u);
  EXPECT_GT(used.wall_ns, 0u);
}

TEST(Usage, TouchedPagesAreFaults) {
  constexpr std::size_t kPages = 256;
  const UsageSample before = sample_usage();
  const Mapping pages = Mapping::private_anonymous(kPages * 4096);
  EXPECT_GE(usage_between(before, sample_usage()).minor_faults, 1u);
  EXPECT_EQ(pages.size(), kPages * 4096);
}

TEST(Usage, KnowsTheCpu) {
  const ScopedAffinity restore;
  for (const int cpu : allowed_cpus()) {
    pin_to(Cpu{cpu});
    EXPECT_EQ(sample_usage().cpu, cpu);
  }
}

}  // namespace
}  // namespace ipcbench
