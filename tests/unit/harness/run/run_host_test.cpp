#include "harness/run/run_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Returns a run with two canary states on two CPUs, of which the tables use the near one.
Result run_with_spin(double cache_line_rtt_ns) {
  Result result{.complete = true};
  result.states = {
      {.placement = Placement::same_l3, .clusters_ns = {{"1", {100, 120}}, {"2", {480, 520}}}, .used = "1"}};
  result.hybrid_spins = {{.placement = Placement::same_l3, .spin_ns = 8000, .cache_line_rtt_ns = cache_line_rtt_ns}};
  return result;
}

Result settled(Result result) {
  const Plan plan;
  const Topology topology = Topology::of_this_machine();
  RunHost(plan, topology, result).settle_floors();
  return result;
}

TEST(RunHost, AHybridSpinKnowsTheStateThatItWasMeasuredIn) {
  const Result near = settled(run_with_spin(110));
  EXPECT_EQ(near.hybrid_spins[0].state, "1");
  EXPECT_THAT(near.notes, IsEmpty());
}

TEST(RunHost, AHybridSpinOfAnotherStateIsSaid) {
  const Result far = settled(run_with_spin(500));
  EXPECT_EQ(far.hybrid_spins[0].state, "2");
  EXPECT_THAT(far.notes, ElementsAre(HasSubstr("same-l3: hybrid spins for 8.0 us, twice the futex round trip in canary "
                                               "state 2; the tables use state 1")));
  Result stopped = run_with_spin(500);
  stopped.complete = false;
  EXPECT_THAT(settled(stopped).notes, IsEmpty()) << "states may still change";
}

TEST(RunHost, AHybridSpinWithoutACanaryHasNoState) {
  Result result = run_with_spin(500);
  result.hybrid_spins[0].cache_line_rtt_ns.reset();
  EXPECT_EQ(settled(std::move(result)).hybrid_spins[0].state, "");
}

}  // namespace
}  // namespace ipcbench
