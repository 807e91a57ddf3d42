#include "harness/plan/host_speed.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "harness/process/affinity.h"

namespace ipcbench {
namespace {

std::vector<PlannedCase> case_of(std::size_t size, std::string skip_reason = "") {
  const int cpu = allowed_cpus().front();
  return {{.spec = {.transport = "pipe", .size = size}, .cpus = {cpu, cpu}, .skip_reason = std::move(skip_reason)}};
}

TEST(HostSpeed, OfAByteLiesBetweenThoseOfBothSizes) {
  const HostSpeed speed{.near_copy_ns_per_byte = 0.1, .far_copy_ns_per_byte = 0.2};
  for (const std::size_t small : {std::size_t{0}, std::size_t{64}, kNearCopy}) {
    EXPECT_NEAR(speed.copy_ns_per_byte(small), 0.1, 1e-12);
  }
  EXPECT_NEAR(speed.copy_ns_per_byte(kFarCopy), 0.2, 1e-12);
  EXPECT_NEAR(speed.copy_ns_per_byte(std::size_t{1} << 40), 0.2, 1e-12);
  const double between = speed.copy_ns_per_byte(8 * kNearCopy);
  EXPECT_GT(between, 0.1);
  EXPECT_LT(between, 0.2);
}

TEST(HostSpeed, OfAWakeIsWhatWasMeasuredOrWhatIsAssumedOfThePlace) {
  HostSpeed speed;
  EXPECT_EQ(speed.wake_rtt_ns(Placement::same_cpu, {1, 1}), 5'000);
  EXPECT_EQ(speed.wake_rtt_ns(Placement::same_l3, {0, 1}), 50'000);
  EXPECT_EQ(speed.wake_rtt_ns(Placement::unpinned, {-1, -1}), 50'000);
  speed.wake_ns[Placement::same_l3] = 7'000;
  EXPECT_EQ(speed.wake_rtt_ns(Placement::same_l3, {0, 1}), 7'000);
}

TEST(HostSpeed, IsMeasuredForLargeMessagesOnly) {
  const HostSpeed assumed;
  for (const auto& cases : {case_of(64), case_of(kLargeMessage - 1), case_of(kLargeMessage, "it can't run here")}) {
    const HostSpeed speed = measure_host_speed(cases);
    EXPECT_EQ(speed.near_copy_ns_per_byte, assumed.near_copy_ns_per_byte);
    EXPECT_TRUE(speed.wake_ns.empty());
  }
  if (!pinning_refusal().empty()) GTEST_SKIP() << pinning_refusal();
  const HostSpeed measured = measure_host_speed(case_of(kLargeMessage));
  EXPECT_NE(measured.near_copy_ns_per_byte, assumed.near_copy_ns_per_byte);
  EXPECT_NE(measured.far_copy_ns_per_byte, assumed.far_copy_ns_per_byte);
  EXPECT_GT(measured.far_copy_ns_per_byte, 0);
  ASSERT_TRUE(measured.wake_ns.contains(Placement::same_cpu));
  EXPECT_GT(measured.wake_ns.at(Placement::same_cpu), 0);
}

}  // namespace
}  // namespace ipcbench
