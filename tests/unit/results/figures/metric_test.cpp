#include "results/figures/metric.h"

#include <gtest/gtest.h>

#include "tests/support/open_loops.h"

namespace ipcbench {
namespace {

LaunchRecord launch_of(const LoadRecord& load) {
  LaunchRecord launch{.case_id = "rate/pipe/block/64/same-l3/rate=20000"};
  launch.verified = 20'000;
  launch.load = load;
  return launch;
}

TEST(LoadMetrics, AreTheServiceWhereATimerDrivesTheSenderAndTheResponseElsewhere) {
  LoadRecord load = steady_load(1000);
  load.response = many(8000);
  load.service = many(1000);
  EXPECT_NEAR(*metrics_of(launch_of(load)).load_p50_ns, 8000, 80) << "a pacer that spins has no time of its own";
  load.pacer_cpu_ns = 3000;
  EXPECT_NEAR(*metrics_of(launch_of(load)).load_p50_ns, 1000, 10);
}

TEST(LoadMetrics, ARateThatIsntSustainedShowsInTheTimePerMessage) {
  LoadRecord load = steady_load(1000);
  load.achieved_per_s = 20'000;
  EXPECT_DOUBLE_EQ(*metrics_of(launch_of(load)).message_ns, 50'000);
  const LoadRecord overloaded{.offered_per_s = 20'000, .achieved_per_s = 10'000, .overloaded = true};
  const LaunchMetrics metrics = metrics_of(launch_of(overloaded));
  EXPECT_DOUBLE_EQ(*metrics.message_ns, 100'000);
  EXPECT_FALSE(metrics.load_p50_ns);
}

TEST(LoadMetrics, OfASaturationAreItsTimePerMessageAlone) {
  LaunchRecord launch = launch_of({.achieved_per_s = 1e6});
  launch.block_ns = 20e6;
  const LaunchMetrics metrics = metrics_of(launch);
  EXPECT_DOUBLE_EQ(*metrics.message_ns, 1000);
  EXPECT_FALSE(metrics.load_p50_ns);
}

}  // namespace
}  // namespace ipcbench
