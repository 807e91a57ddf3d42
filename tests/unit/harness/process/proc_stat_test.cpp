#include "harness/process/proc_stat.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "harness/process/child.h"

namespace ipcbench {
namespace {

TEST(ProcStat, FieldsAreCountedBehindTheName) {
  constexpr std::string_view kStat = "7 (a) b (c) S 1 -5 9\n";
  EXPECT_EQ(stat_field(kStat, 3), "S");
  EXPECT_EQ(stat_field(kStat, 5), "-5");
  EXPECT_EQ(stat_field(kStat, 6), "9");
  EXPECT_EQ(stat_field(kStat, 7), "");
  EXPECT_EQ(stat_field("", 3), "");
}

TEST(ProcStat, AProcessHasAStartTimeUntilItIsAZombie) {
  Child child = Child::spawn("a) b (c", [] {
    ::pause();
    return 0;
  });
  EXPECT_TRUE(process_start_time(child.pid()).has_value()) << "whatever its name";
  const pid_t pid = child.pid();
  child.kill();
  child.wait();
  EXPECT_EQ(process_start_time(pid), std::nullopt);
}

}  // namespace
}  // namespace ipcbench
