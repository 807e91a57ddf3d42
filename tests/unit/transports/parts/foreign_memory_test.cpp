#include "transports/parts/foreign_memory.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

#include "harness/process/child.h"

namespace ipcbench {
namespace {

TEST(ForeignMemory, IsRefusedByYamaWithTheSetting) {
  EXPECT_EQ(yama_refusal("0", false), "");
  EXPECT_EQ(yama_refusal("1", false), "");  // the workers allow it
  EXPECT_EQ(yama_refusal("2", true), "");
  EXPECT_EQ(yama_refusal("2", false), "/proc/sys/kernel/yama/ptrace_scope is 2, and this process lacks CAP_SYS_PTRACE");
  EXPECT_EQ(yama_refusal("3", true), "/proc/sys/kernel/yama/ptrace_scope is 3: no process may read another's memory");
}

// A process that isn't dumpable may be traced by root alone, and its children neither.
TEST(ForeignMemory, IsRefusedWhereAChildIs) {
  if (const std::string refusal = foreign_memory_refusal(); !refusal.empty()) GTEST_SKIP() << refusal;
  Child user = Child::spawn("user", [] {
    if (::geteuid() == 0 && ::setresuid(65534, 65534, 65534) != 0) return 2;
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return 2;
    return foreign_memory_refusal() == "process_vm_readv: Operation not permitted" ? 0 : 1;
  });
  EXPECT_EQ(user.wait().code, 0);
}

}  // namespace
}  // namespace ipcbench
