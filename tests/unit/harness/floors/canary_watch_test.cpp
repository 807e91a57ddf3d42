#include "harness/floors/canary_watch.h"

#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "harness/process/affinity.h"

namespace ipcbench {
namespace {

class CanaryWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    if (cpus_.size() < 2) GTEST_SKIP() << "one CPU allowed";
  }
  const std::vector<int> cpus_ = allowed_cpus();
};

TEST_F(CanaryWatchTest, GivesTheRoundTripOfEachCanary) {
  const CanaryWatch watch = watch_canary(Clock{}, cpus_[0], cpus_[1], 5'000'000, 500'000, [] { return true; });
  EXPECT_FALSE(watch.stopped);
  ASSERT_FALSE(watch.rtt_ns.empty());
  for (const double ns : watch.rtt_ns) EXPECT_GT(ns, 0);
}

TEST_F(CanaryWatchTest, ShortTimesStillGiveOne) {
  EXPECT_EQ(watch_canary(Clock{}, cpus_[0], cpus_[1], 0, 1000, [] { return true; }).rtt_ns.size(), 1U);
}

TEST_F(CanaryWatchTest, EndsWhenItIsToldTo) {
  int asked = 0;
  const CanaryWatch watch =
      watch_canary(Clock{}, cpus_[0], cpus_[1], 3'600'000'000'000, 100'000, [&] { return ++asked < 2; });
  EXPECT_TRUE(watch.stopped);
  EXPECT_FALSE(watch.rtt_ns.empty()) << "what was measured is kept";
}

TEST_F(CanaryWatchTest, ACpuThatCantBeUsedIsAnError) {
  EXPECT_THROW(watch_canary(Clock{}, cpus_[0], 1 << 20, 0, 1000, [] { return true; }), std::runtime_error);
}

}  // namespace
}  // namespace ipcbench
