#include "harness/base/process_owned.h"

#include <utility>

#include <gtest/gtest.h>

#include "harness/process/child.h"

namespace ipcbench {
namespace {

TEST(ProcessOwned, IsReleasedOnce) {
  ProcessOwned owner;
  EXPECT_TRUE(owner.owned());
  EXPECT_TRUE(owner.release());
  EXPECT_FALSE(owner.owned());
  EXPECT_FALSE(owner.release());
}

TEST(ProcessOwned, IsOfTheProcessThatMadeIt) {
  ProcessOwned owner;
  EXPECT_EQ(Child::spawn("ipcbench-test", [&] { return owner.owned() || owner.release() ? 1 : 0; }).wait().code, 0);
  EXPECT_TRUE(owner.release());
}

TEST(ProcessOwned, MovesWithItsObject) {
  ProcessOwned first;
  ProcessOwned second(std::move(first));
  EXPECT_FALSE(first.release());
  first = std::move(second);
  EXPECT_FALSE(second.owned());
  EXPECT_TRUE(first.release());
}

}  // namespace
}  // namespace ipcbench
