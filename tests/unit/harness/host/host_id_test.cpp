#include "harness/host/host_id.h"

#include <optional>
#include <string>

#include <gmock/gmock.h>

#include "harness/base/io.h"

namespace ipcbench {
namespace {

TEST(HostId, IsTheSameEachTimeAndNotTheMachineId) {
  const std::optional<std::string> id = host_id();
  if (!id) GTEST_SKIP() << "no machine id, or built without libsystemd";
  EXPECT_EQ(host_id(), id);
  EXPECT_EQ(id->size(), 32U);
  EXPECT_EQ(id->find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(read_line("/etc/machine-id"), id);
}

}  // namespace
}  // namespace ipcbench
