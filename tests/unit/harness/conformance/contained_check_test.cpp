#include "harness/conformance/contained_check.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <set>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/process/own_resources.h"

// Checks of checks: what they find, and what becomes of those that crash or hang.

namespace ipcbench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

CheckReport report_of(void (*run)(const Trial&), std::chrono::nanoseconds time = 60s) {
  const Subject pipe{.entry = find_registered("pipe")};
  return make_contained_check({.name = "made-up", .proves = "nothing", .run = run}, pipe, {}, time);
}

TEST(ContainedCheck, SaysWhatWasSeen) {
  EXPECT_EQ(report_of([](const Trial&) {}).result, CheckResult::passed);
  const CheckReport skipped = report_of([](const Trial&) { throw CheckSkipped("no such thing"); });
  EXPECT_EQ(skipped.result, CheckResult::skipped);
  EXPECT_EQ(skipped.text, "no such thing");
  const CheckReport failed = report_of([](const Trial&) { require(false, "{} came", 7); });
  EXPECT_EQ(failed.result, CheckResult::failed);
  EXPECT_EQ(failed.text, "7 came");
}

TEST(ContainedCheck, ThatDiesFailsAlone) {
  const CheckReport killed = report_of([](const Trial&) { ::raise(SIGKILL); });
  EXPECT_EQ(killed.result, CheckResult::failed);
  EXPECT_EQ(killed.text, "its process killed by SIGKILL");
  const CheckReport left = report_of([](const Trial&) { ::_exit(3); });
  EXPECT_EQ(left.text, "its process exited with code 3");
}

TEST(ContainedCheck, ThatHangsIsEndedWithItsChildren) {
  const CheckReport report = report_of(
      [](const Trial&) {
        if (::fork() == 0) ::setsid();
        for (;;) ::pause();
      },
      50ms);
  EXPECT_EQ(report.result, CheckResult::failed);
  EXPECT_THAT(report.text, HasSubstr("has not ended"));
  EXPECT_THAT(children_of(::getpid()), IsEmpty());
}

TEST(ConformanceChecks, HaveNamesOfTheirOwnAndStandInThePage) {
  const std::string page = read_file(IPCBENCH_SOURCE_DIR "/docs/plugins.md");
  std::set<std::string_view> names;
  for (const ConformanceCheck& check : conformance_checks()) {
    EXPECT_TRUE(names.insert(check.name).second) << check.name;
    if (check.scope == CheckScope::built_in) continue;
    EXPECT_THAT(page,
                HasSubstr(std::string("| `") + std::string(check.name) + "` | " + std::string(check.proves) + " |"));
  }
}

}  // namespace
}  // namespace ipcbench
