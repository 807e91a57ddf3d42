#include "harness/base/utc_time.h"

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

TEST(UtcTime, IsReadWithAndWithoutAFraction) {
  EXPECT_EQ(seconds_of_utc("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(seconds_of_utc("2026-11-21T18:04:54Z"), 1795284294);
  EXPECT_EQ(seconds_of_utc("2026-11-21T18:04:54.250Z"), 1795284294.25);
}

TEST(UtcTime, WhatIsNoTimeIsNone) {
  for (const char* text : {"", "today", "2026-02-31T00:00:00Z", "2026-11-21", "2026-11-21T18:04:54.xZ"})
    EXPECT_FALSE(seconds_of_utc(text)) << text;
}

}  // namespace
}  // namespace ipcbench
