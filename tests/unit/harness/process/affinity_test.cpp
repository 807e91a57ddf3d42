#include "harness/process/affinity.h"

#include <algorithm>
#include <system_error>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

TEST(Affinity, PinsToOneCpuAndBack) {
  const std::vector<int> before = allowed_cpus();
  ASSERT_FALSE(before.empty());
  EXPECT_TRUE(std::is_sorted(before.begin(), before.end()));
  for (const int cpu : before) {
    pin_to(Cpu{cpu});
    EXPECT_EQ(allowed_cpus(), std::vector<int>{cpu});
    EXPECT_EQ(current_cpu(), cpu);
    pin_to(before);
  }
  EXPECT_EQ(allowed_cpus(), before);
}

TEST(Affinity, ACpuThatIsNotThereIsAnError) {
  const std::vector<int> before = allowed_cpus();
  EXPECT_THROW(pin_to(Cpu{}), std::system_error);
  EXPECT_THROW(pin_to(Cpu{1 << 19}), std::system_error);
  EXPECT_THROW(pin_to(Cpu{1 << 30}), std::system_error);
  EXPECT_THROW(pin_to(std::vector<int>{}), std::system_error);
  EXPECT_EQ(allowed_cpus(), before);
}

}  // namespace
}  // namespace ipcbench
