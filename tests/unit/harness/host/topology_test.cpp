#include "harness/host/topology.h"

#include <sched.h>

#include <algorithm>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/recorded_machine.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

// Checks that every representative pair belongs to its class, and that every missing one has a reason.
void expect_consistent(const Topology& topology) {
  for (const Placement placement : kPlacements) {
    const auto pair = topology.pair(placement);
    EXPECT_EQ(topology.missing_reason(placement).empty(), pair.has_value()) << to_string(placement);
    if (!pair || placement == Placement::unpinned) continue;
    const Placement here = topology.classify(*pair);
    if (is_of_casts(placement)) {
      EXPECT_NE(here, Placement::same_cpu) << to_string(placement);
    } else {
      EXPECT_EQ(here, placement) << to_string(placement);
    }
  }
}

TEST(Placement, NamesAreReadBack) {
  for (const Placement placement : kPlacements) {
    EXPECT_EQ(parse_placement(to_string(placement)), placement);
  }
  EXPECT_EQ(parse_placement("same-socket"), std::nullopt);
}

TEST(Topology, TwoSocketsWithSmtAndSeveralL3) {
  const Topology topology = machine("two-sockets-smt");
  expect_consistent(topology);
  EXPECT_EQ(topology.cpus().size(), 32u);
  EXPECT_EQ(topology.classify({0, 0}), Placement::same_cpu);
  EXPECT_EQ(topology.classify({0, 1}), Placement::smt);
  EXPECT_EQ(topology.classify({0, 2}), Placement::same_l3);
  EXPECT_EQ(topology.classify({0, 8}), Placement::same_numa);
  EXPECT_EQ(topology.classify({0, 16}), Placement::cross_package);
  EXPECT_EQ(topology.classify({16, 0}), Placement::cross_package);
  EXPECT_EQ(topology.nearest_other(), Placement::smt);
  EXPECT_EQ(topology.missing_reason(Placement::same_l2), "no two allowed CPUs of different cores share an L2 cache");
  EXPECT_EQ(topology.missing_reason(Placement::same_package), "no package has allowed CPUs on several NUMA nodes");
  EXPECT_EQ(topology.describe(), "2 packages, 16 cores, 32 CPUs, L2 4 MiB x 16, L3 16 MiB x 4, 2 NUMA nodes");
}

// CPUs 0 to 3 are fast, 4 to 7 slow; two of a kind share an L2 cache.
TEST(Topology, PairsOfAHybridProcessorAreLikeCores) {
  const Topology topology = machine("hybrid");
  expect_consistent(topology);
  EXPECT_THAT(topology.describe(), HasSubstr("4 CPUs of kind P, 4 CPUs of kind E"));
  EXPECT_EQ(topology.core_kinds(topology.pair(Placement::same_cpu).value()), "P");
  EXPECT_EQ(topology.pair(Placement::same_l2), (CpuPair{2, 3}));
  EXPECT_EQ(topology.pair(Placement::same_l3), (CpuPair{1, 2}));
  EXPECT_EQ(topology.core_kinds({2, 3}), "P");
  EXPECT_EQ(topology.core_kinds({4, 7}), "E");
  EXPECT_EQ(topology.core_kinds({0, 4}), "P+E");
  EXPECT_EQ(topology.core_kinds({4, 0}), "E+P");
  EXPECT_EQ(topology.core_kinds({-1, -1}), "");
}

TEST(Topology, UnlikeCoresArePairedWhereThereAreNoOthers) {
  const Topology topology = machine("hybrid-one-of-each");
  expect_consistent(topology);
  EXPECT_EQ(topology.pair(Placement::same_cpu), (CpuPair{0, 0}));  // the fast one, although it is CPU 0
  EXPECT_EQ(topology.core_kinds(topology.pair(Placement::same_l3).value()), "P+E");
}

TEST(Topology, CoresOfOneKindHaveNoName) {
  const Topology topology = machine("virtual-machine-2-cpus");
  EXPECT_EQ(topology.core_kinds({0, 1}), "");
  EXPECT_THAT(topology.describe(), testing::Not(HasSubstr("kind")));
}

TEST(Topology, KeepsAwayFromCpu0AndItsSibling) {
  const Topology topology = machine("two-sockets-smt");
  EXPECT_EQ(topology.pair(Placement::same_cpu), (CpuPair{2, 2}));
  EXPECT_EQ(topology.pair(Placement::smt), (CpuPair{2, 3}));
  EXPECT_EQ(topology.pair(Placement::same_l3), (CpuPair{2, 4}));
  EXPECT_EQ(topology.pair(Placement::same_numa), (CpuPair{2, 8}));
  EXPECT_EQ(topology.pair(Placement::cross_package), (CpuPair{2, 16}));
  EXPECT_EQ(topology.pair(Placement::unpinned), (CpuPair{-1, -1}));
}

TEST(Topology, OneSocketWithSharedL2AndNoSmt) {
  const Topology topology = machine("shared-l2");
  expect_consistent(topology);
  EXPECT_EQ(topology.classify({0, 1}), Placement::same_l2);
  EXPECT_EQ(topology.classify({1, 2}), Placement::same_l3);
  EXPECT_EQ(topology.nearest_other(), Placement::same_l2);
  EXPECT_EQ(topology.pair(Placement::same_cpu), (CpuPair{1, 1}));
  EXPECT_EQ(topology.pair(Placement::same_l2), (CpuPair{2, 3}));
  EXPECT_EQ(topology.pair(Placement::same_l3), (CpuPair{1, 2}));
  EXPECT_EQ(topology.missing_reason(Placement::smt), "no two allowed CPUs share a core");
  EXPECT_EQ(topology.missing_reason(Placement::cross_package), "all allowed CPUs are in one package");
}

TEST(Topology, OneCpu) {
  const Topology topology = machine("one-cpu");
  expect_consistent(topology);
  EXPECT_EQ(topology.nearest_other(), std::nullopt);
  EXPECT_EQ(topology.pair(Placement::same_cpu), (CpuPair{0, 0}));
  EXPECT_EQ(topology.pair(Placement::unpinned), (CpuPair{-1, -1}));
  EXPECT_EQ(topology.missing_reason(Placement::cross_package), "only CPU 0 is allowed");
  EXPECT_EQ(topology.describe(), "1 package, 1 core, 1 CPU, 1 NUMA node");
}

TEST(Topology, SeveralNumaNodesInAPackage) {
  const Topology topology = machine("several-numa");
  expect_consistent(topology);
  EXPECT_EQ(topology.classify({0, 1}), Placement::same_l3);
  EXPECT_EQ(topology.classify({0, 2}), Placement::same_package);
  EXPECT_EQ(topology.classify({0, 4}), Placement::cross_package);
  EXPECT_EQ(topology.pair(Placement::same_numa), std::nullopt);
  EXPECT_THAT(topology.describe(), HasSubstr("4 NUMA nodes"));
}

TEST(Topology, NumaNodesWithoutACommonCache) {
  const Topology topology = machine("no-l3");
  expect_consistent(topology);
  EXPECT_EQ(topology.nearest_other(), Placement::same_numa);
  EXPECT_EQ(topology.classify({0, 1}), Placement::same_numa);
  EXPECT_EQ(topology.classify({0, 2}), Placement::same_package);
  EXPECT_EQ(topology.pair(Placement::same_l3), std::nullopt);
}

TEST(Topology, TwoCpusOfAVirtualMachine) {
  const Topology topology = machine("virtual-machine-2-cpus");
  expect_consistent(topology);
  EXPECT_EQ(topology.pair(Placement::same_cpu), (CpuPair{1, 1}));
  EXPECT_EQ(topology.pair(Placement::same_l3), (CpuPair{0, 1}));
  EXPECT_EQ(topology.nearest_other(), Placement::same_l3);
  EXPECT_EQ(topology.describe(), "1 package, 2 cores, 2 CPUs, L2 1 MiB x 2, L3 32 MiB x 1, 1 NUMA node");
}

TEST(Topology, RefusesUnknownCpusAndFiles) {
  const Topology topology = machine("one-cpu");
  EXPECT_THROW(topology.classify({0, 1}), std::out_of_range);
  EXPECT_THROW(topology.classify({-1, -1}), std::out_of_range);
  EXPECT_THROW(machine("nothing"), std::runtime_error);
}

TEST(Topology, OfThisMachineHoldsTheAllowedCpusOnly) {
  cpu_set_t before;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  const Topology all = Topology::of_this_machine();
  expect_consistent(all);
  EXPECT_EQ(all.cpus().size(), static_cast<std::size_t>(CPU_COUNT(&before)));
  EXPECT_TRUE(std::is_sorted(all.cpus().begin(), all.cpus().end()));

  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(all.cpus().back()), &one);
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  const Topology restricted = Topology::of_this_machine();
  ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
  EXPECT_THAT(restricted.cpus(), ::testing::ElementsAre(all.cpus().back()));
  EXPECT_EQ(restricted.nearest_other(), std::nullopt);
}

}  // namespace
}  // namespace ipcbench
