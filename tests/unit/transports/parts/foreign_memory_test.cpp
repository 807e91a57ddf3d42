#include "transports/parts/foreign_memory.h"

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

TEST(ForeignMemory, IsRefusedByYamaWithTheSetting) {
  EXPECT_EQ(yama_refusal("0", false), "");
  EXPECT_EQ(yama_refusal("1", false), "");  // the workers allow it
  EXPECT_EQ(yama_refusal("2", true), "");
  EXPECT_EQ(yama_refusal("2", false), "/proc/sys/kernel/yama/ptrace_scope is 2, and this process lacks CAP_SYS_PTRACE");
  EXPECT_EQ(yama_refusal("3", true), "/proc/sys/kernel/yama/ptrace_scope is 3: no process may read another's memory");
}

}  // namespace
}  // namespace ipcbench
