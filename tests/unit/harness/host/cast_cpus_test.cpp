#include "harness/host/cast_cpus.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/recorded_machine.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;

TEST(CastCpus, OfOneCpuAreAllThere) {
  const Topology topology = machine("virtual-machine-2-cpus");
  const int cpu = topology.pair(Placement::same_cpu)->producer;
  EXPECT_THAT(cast_cpus(topology, Placement::same_cpu, 2, 1), ElementsAre(cpu, cpu, cpu));
}

TEST(CastCpus, SplitPutsProducersOnOneSideAndConsumersOnTheOther) {
  EXPECT_THAT(cast_cpus(machine("virtual-machine-2-cpus"), Placement::split, 2, 3), ElementsAre(0, 0, 1, 1, 1));
  const Topology large = machine("two-sockets-smt");
  const std::vector<int> cpus = cast_cpus(large, Placement::split, 4, 4);
  std::set<int> first(cpus.begin(), cpus.begin() + 4);
  for (std::size_t consumer = 4; consumer < 8; ++consumer) {
    EXPECT_FALSE(first.contains(cpus[consumer]));
    EXPECT_EQ(large.classify({cpus[0], cpus[consumer]}), Placement::cross_package) << "a half is a package here";
  }
}

TEST(CastCpus, SpreadUsesAllCpusNearestFirst) {
  const Topology large = machine("two-sockets-smt");
  const std::vector<int> cpus = cast_cpus(large, Placement::spread, 1, large.cpus().size() - 1);
  EXPECT_EQ(std::set<int>(cpus.begin(), cpus.end()).size(), large.cpus().size());
  EXPECT_EQ(large.classify({cpus[0], cpus[1]}), Placement::smt);
  for (std::size_t i = 2; i < cpus.size(); ++i)
    EXPECT_GE(large.classify({cpus[0], cpus[i]}), large.classify({cpus[0], cpus[i - 1]})) << i;
  EXPECT_THAT(cast_cpus(machine("virtual-machine-2-cpus"), Placement::spread, 2, 1), ElementsAre(0, 1, 0));
}

TEST(CastCpus, OfUnpinnedSeatsAreNone) {
  EXPECT_THAT(cast_cpus(machine("no-l3"), Placement::unpinned, 1, 1), ElementsAre(-1, -1));
}

TEST(FarthestSeats, AreThoseThatTheCanaryRunsBetween) {
  const Topology large = machine("two-sockets-smt");
  const std::vector<int> cpus = cast_cpus(large, Placement::spread, 2, large.cpus().size() - 2);
  const auto [producer, consumer] = farthest_seats(large, cpus, 2);
  EXPECT_EQ(large.classify({cpus[producer], cpus[consumer]}), Placement::cross_package);
  // Producers on CPUs 0 and 1, the consumer on CPU 0.
  const Topology small = machine("virtual-machine-2-cpus");
  const auto seats = farthest_seats(small, cast_cpus(small, Placement::spread, 2, 1), 2);
  EXPECT_EQ(seats.producer, 1u);
  EXPECT_EQ(seats.consumer, 2u);
}

}  // namespace
}  // namespace ipcbench
