#include "harness/host/host_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipcbench {
namespace {

TEST(CpuList, StopsAtWhatIsNoList) {
  EXPECT_THAT(parse_cpu_list("0-3,8"), testing::ElementsAre(0, 1, 2, 3, 8));
  EXPECT_THAT(parse_cpu_list(""), testing::IsEmpty());
  EXPECT_THAT(parse_cpu_list("x"), testing::IsEmpty());
  EXPECT_THAT(parse_cpu_list("1-2000000000"), testing::IsEmpty()) << "garbled";
}

}  // namespace
}  // namespace ipcbench
