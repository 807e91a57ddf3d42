#include "harness/run/other_runs.h"

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

class OtherRunsTest : public testing::Test {
 protected:
  OtherRunsTest() { ::setenv("XDG_RUNTIME_DIR", runtime_.path().c_str(), 1); }
  ~OtherRunsTest() override { ::unsetenv("XDG_RUNTIME_DIR"); }

  TemporaryFolder runtime_;
};

std::optional<std::int64_t> mark_of(const LaunchRecord& launch) {
  for (const auto& [key, value] : launch.environment) {
    if (key == kOtherRunsKey) return std::get<std::int64_t>(value);
  }
  return std::nullopt;
}

TEST_F(OtherRunsTest, OneThatLivesDuringALaunchMarksItAndNoOther) {
  const RunDir own = RunDir::create();
  OtherRuns others;
  LaunchRecord before, beside, after;
  EXPECT_EQ(others.look_after(before, 2, own), "");
  EXPECT_FALSE(others.finding());
  std::optional<RunDir> other(RunDir::create());
  EXPECT_THAT(others.look_after(beside, 2, own), HasSubstr("another ipcbench, process " + std::to_string(::getpid())));
  other.reset();
  EXPECT_EQ(others.look_after(after, 2, own), "");

  EXPECT_EQ(mark_of(before), std::nullopt);
  EXPECT_EQ(mark_of(beside), 1);
  EXPECT_EQ(mark_of(after), std::nullopt);
  ASSERT_TRUE(others.finding());
  EXPECT_EQ(others.finding()->severity, Severity::noisy);
  EXPECT_THAT(others.finding()->text, HasSubstr(": 1 launch ended beside it, the first in pass 3"));
}

// A comparison that runs beside this one starts a new run for each launch.
TEST_F(OtherRunsTest, ManyAreOneFindingAndFewWarnings) {
  const RunDir own = RunDir::create();
  OtherRuns others;
  int warnings = 0;
  for (int launch = 0; launch < 20; ++launch) {
    const RunDir other = RunDir::create();
    LaunchRecord record;
    warnings += others.look_after(record, 0, own).empty() ? 0 : 1;
    EXPECT_EQ(mark_of(record), 1);
  }
  EXPECT_EQ(warnings, 3);
  EXPECT_THAT(others.finding()->text, HasSubstr("20 other runs of ipcbench"));
  EXPECT_THAT(others.finding()->text, HasSubstr("20 launches ended beside them"));
}

}  // namespace
}  // namespace ipcbench
