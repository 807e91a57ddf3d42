#include "harness/measure/resource_usage.h"

#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <optional>

#include <gtest/gtest.h>

#include "harness/base/page_size.h"
#include "harness/memory/mapping.h"
#include "harness/process/affinity.h"
#include "harness/process/child.h"
#include "harness/process/scoped_affinity.h"

namespace ipcbench {
namespace {

TEST(Usage, DifferenceIsFieldByField) {
  const ResourceUsage before{1, 2, 3, 4, 5, 6, 7, 8, 3};
  const ResourceUsage after{11, 32, 53, 74, 95, 116, 137, 158, 9};
  const SideUsage used = usage_between(before, after);
  EXPECT_EQ(used.cpu_ns, 10);
  EXPECT_EQ(used.voluntary, 70u);
  EXPECT_EQ(used.involuntary, 90u);
  EXPECT_EQ(used.minor_faults, 110u);
  EXPECT_EQ(used.major_faults, 130u);
  EXPECT_EQ(used.wall_ns, 150);
}

TEST(Usage, CpuTimeIsSplitOverASecondOrMoreOnly) {
  const ResourceUsage before{.user_ns = 7, .system_ns = 8, .wall_ns = 9};
  ResourceUsage after{.user_ns = 600'000'007, .system_ns = 300'000'008, .wall_ns = 1'000'000'008};
  EXPECT_FALSE(usage_between(before, after).user_ns);
  EXPECT_FALSE(usage_between(before, after).system_ns);
  after.wall_ns = 1'000'000'009;
  EXPECT_EQ(usage_between(before, after).user_ns, 6e8);
  EXPECT_EQ(usage_between(before, after).system_ns, 3e8);
}

TEST(Usage, OfAnotherProcessIsTheDifferenceOfWhatCouldBeRead) {
  const ProcessUsage before{.cpu_ns = 10, .voluntary = 1, .involuntary = 2};
  ProcessUsage after{.cpu_ns = 30, .voluntary = 5, .involuntary = 9};
  EXPECT_EQ(usage_between(before, after).cpu_ns, 20);
  EXPECT_EQ(usage_between(before, after).voluntary, 4u);
  EXPECT_EQ(usage_between(before, after).involuntary, 7u);
  after = {.cpu_ns = std::nullopt, .voluntary = 5, .involuntary = std::nullopt};
  EXPECT_EQ(usage_between(before, after).cpu_ns, std::nullopt);
  EXPECT_EQ(usage_between(before, after).voluntary, std::nullopt) << "one kind of switches says nothing";
  EXPECT_EQ(usage_between(before, after).involuntary, std::nullopt);
}

TEST(Usage, AnIntervalIsTakenBackButNothingBeforeTheBegin) {
  const ResourceUsage begin{100, 0, 0, 5, 0, 0, 0, 1000, 1};
  const ResourceUsage middle{170, 30, 0, 6, 1, 0, 0, 1500, 2};
  const ResourceUsage end{190, 40, 0, 9, 1, 0, 0, 1700, 3};
  const ResourceUsage before = usage_before_interval(begin, middle, end);
  EXPECT_EQ(before.cpu_ns, 150u);
  EXPECT_EQ(before.user_ns, 20u);
  EXPECT_EQ(before.voluntary, 5u) << "not below that of the begin";
  EXPECT_EQ(before.involuntary, 1u);
  EXPECT_EQ(before.wall_ns, 1300u);
  EXPECT_EQ(before.cpu, 2);
}

TEST(Usage, WorkShowsInBothClocks) {
  const ResourceUsage before = resource_usage();
  SideUsage used;
  do {
    used = usage_between(before, resource_usage());
  } while (used.cpu_ns < 5'000'000 && used.wall_ns < 10'000'000'000);
  EXPECT_GE(used.cpu_ns, 5'000'000);
  EXPECT_GT(used.wall_ns, 0);
}

// A child uses CPU time until its own clock shows 20 ms, and then sleeps.
TEST(Usage, OfAnotherProcessIsItsOwn) {
  const Mapping flag = Mapping::shared_anonymous(sizeof(std::uint32_t));
  const std::atomic_ref burned(*reinterpret_cast<std::uint32_t*>(flag.data()));
  const Child child = Child::spawn("burner", [&]() -> int {
    while (resource_usage().cpu_ns < 20'000'000) {
    }
    burned.store(1);
    for (;;) ::pause();
  });
  const ProcessUsage before = process_usage(child.pid());
  while (burned.load() == 0) ::sched_yield();
  ProcessUsage after = process_usage(child.pid());
  ASSERT_TRUE(before.cpu_ns && before.voluntary && before.involuntary);
  EXPECT_GE(after.cpu_ns, 20'000'000);
  EXPECT_LT(after.cpu_ns, static_cast<double>(resource_usage().wall_ns));
  while (after.voluntary <= before.voluntary) after = process_usage(child.pid());  // waits until it sleeps
}

TEST(Usage, OfAProcessThatIsGoneIsUnknown) {
  Child child = Child::spawn("gone", [] { return 0; });
  const pid_t pid = child.pid();
  child.wait();
  const ProcessUsage usage = process_usage(pid);
  EXPECT_EQ(usage.cpu_ns, std::nullopt);
  EXPECT_EQ(usage.voluntary, std::nullopt);
  EXPECT_EQ(usage.involuntary, std::nullopt);
}

TEST(Usage, TouchedPagesAreFaults) {
  constexpr std::size_t kPages = 256;
  const ResourceUsage before = resource_usage();
  const Mapping pages = Mapping::private_anonymous(kPages * page_size());
  EXPECT_GE(usage_between(before, resource_usage()).minor_faults, 1u);
  EXPECT_EQ(pages.size(), kPages * page_size());
}

TEST(Usage, KnowsTheCpu) {
  const ScopedAffinity restore;
  for (const int cpu : allowed_cpus()) {
    pin_to(Cpu{cpu});
    EXPECT_EQ(resource_usage().cpu, cpu);
  }
}

}  // namespace
}  // namespace ipcbench
