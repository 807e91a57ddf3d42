#include "harness/floors/floors.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/process/affinity.h"
#include "harness/process/child.h"
#include "harness/process/proc_stat.h"
#include "harness/run/host_records.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::size_t, 3> kSizes{64, 100, 65536};

void expect_complete(const FloorRecord& floors) {
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
  const FloorRecord floors = measure_floors(Clock{}, cpu, cpu, kSizes);
  EXPECT_EQ(floors.cpus, (std::array{cpu, cpu}));
  EXPECT_FALSE(floors.cache_line_rtt_ns);
  expect_complete(floors);
  EXPECT_EQ(allowed_cpus(), before);
}

TEST(Floors, TwoCpusHaveAll) {
  const std::vector<int> cpus = allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "one CPU allowed";
  const FloorRecord floors = measure_floors(Clock{}, cpus[0], cpus[1], kSizes);
  ASSERT_TRUE(floors.cache_line_rtt_ns);
  EXPECT_GT(*floors.cache_line_rtt_ns, 0);
  expect_complete(floors);
}

TEST(Floors, NoSizesMeanNoBandwidths) {
  const FloorRecord floors = measure_floors(Clock{}, -1, -1, {});
  EXPECT_GT(floors.futex_rtt_ns.value_or(0), 0);
  EXPECT_FALSE(floors.cache_line_rtt_ns);
  EXPECT_TRUE(floors.memcpy.empty());
  EXPECT_TRUE(floors.line_touch.empty());
}

PlannedCase hybrid_at(Placement placement) {
  return {.spec = {.transport = "posix-shm", .wait = WaitStrategy::hybrid, .size = 64, .placement = placement}};
}

TEST(HybridSpin, IsTwiceTheFutexRoundTripOfItsOwnCpus) {
  const HybridSpinRecord spin = hybrid_spin_record(
      {.placement = Placement::same_l3, .cpus = {0, 1}, .cache_line_rtt_ns = 115, .futex_rtt_ns = 10'000.5});
  EXPECT_EQ(spin.placement, Placement::same_l3);
  EXPECT_EQ(spin.spin_ns, 20'001);
  EXPECT_EQ(spin.cache_line_rtt_ns, 115);
}

// Returns a process that kills a child of this one, by its name, and ends.
Child killer_of(std::string_view name) {
  return Child::spawn("killer", [name, parent = std::to_string(::getpid())] {
    while (true) {
      for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const auto its_name = read_line(entry.path() / "comm");
        if (its_name != name) continue;
        const auto stat = read_line(entry.path() / "stat");
        if (!stat || stat_field(*stat, 4) != parent) continue;
        return ::kill(std::stoi(entry.path().filename()), SIGKILL);
      }
    }
  });
}

TEST(HybridSpin, IsMeasuredAgainWhenAProcessIsKilled) {
  Child killer = killer_of("futex floor");
  for (int i = 0; i < 100 && !killer.poll(); ++i)
    EXPECT_NO_THROW(measure_hybrid_spin(Placement::unpinned, {-1, -1}, Clock{}));
  EXPECT_FALSE(killer.running()) << "no process was met";
}

TEST(HybridSpin, EachPlacementHasItsOwn) {
  const std::vector<HybridSpinRecord> spins = {{Placement::same_l3, 20'000, 115, ""},
                                               {Placement::cross_package, 90'000, 500, ""}};
  EXPECT_EQ(hybrid_spin_at(spins, Placement::same_l3), 20us);
  EXPECT_EQ(hybrid_spin_at(spins, Placement::cross_package), 90us);
  EXPECT_EQ(hybrid_spin_at(spins, Placement::smt), 100us) << "not known";
}

TEST(HybridSpin, WhatAFileHoldsStaysWithinBounds) {
  const auto at = [](double spin_ns) { return hybrid_spin_at({{Placement::smt, spin_ns, {}, ""}}, Placement::smt); };
  EXPECT_EQ(at(1e300), 1s);
  EXPECT_EQ(at(-1), 100us);
  EXPECT_EQ(at(std::nan("")), 100us);
}

// An earlier build stored one time for all placements. Its runs are finished and checked with that time.
TEST(HybridSpin, TheOneTimeOfAnEarlierBuildServesEveryPlacement) {
  Result stored;
  stored.hybrid_spin_ns = 11'000;
  Plan plan;
  plan.cases = {hybrid_at(Placement::smt), hybrid_at(Placement::same_l3), hybrid_at(Placement::smt)};
  plan.cases[1].skip_reason = "not here";
  const std::vector<HybridSpinRecord> spins = stored_hybrid_spins(stored, plan);
  ASSERT_EQ(spins.size(), 1u);
  EXPECT_EQ(spins[0].placement, Placement::smt);
  EXPECT_EQ(spins[0].spin_ns, 11'000);
}

}  // namespace
}  // namespace ipcbench
