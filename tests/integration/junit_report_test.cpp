// Checks tools/test-report, the summary at the end of ./run-tests, with a file as CTest writes it.

#include <fstream>
#include <string>

#include <gmock/gmock.h>

#include "harness/base/sanitizers.h"
#include "tests/integration/cli.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class JunitReport : public Cli {
 protected:
  JunitReport() {
    std::ofstream(folder_ / "tests.xml") << R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Linux" tests="6" failures="1" disabled="0" skipped="3">
	<testcase name="Ring.Wraps" classname="Ring.Wraps" time="0.02" status="run">
		<system-out>nothing was skipped: all of it
</system-out>
	</testcase>
	<testcase name="Clock.Agrees" classname="Clock.Agrees" time="0.02" status="notrun">
		<skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>
		<system-out>Note: Google Test filter = Clock.Agrees
/src/clock_test.cpp:88: Skipped
needs &quot;two&quot; CPUs &amp; &lt;more&gt;

[  SKIPPED ] Clock.Agrees (0 ms)
</system-out>
	</testcase>
	<testcase name="fuzz-results" classname="fuzz-results" time="0.02" status="notrun">
		<skipped message="SKIP_RETURN_CODE=77"/>
		<system-out>skipped: there is no clang
</system-out>
	</testcase>
	<testcase name="fuzz-others" classname="fuzz-others" time="0.02" status="notrun">
		<skipped message="SKIP_RETURN_CODE=77"/>
		<system-out>skipped: there is no clang
</system-out>
	</testcase>
	<testcase name="Gone" classname="Gone" time="0" status="notrun">
		<skipped message="Unable to find executable"/>
		<system-out>Unable to find executable: /gone</system-out>
	</testcase>
	<testcase name="Pipe.Fails" classname="Pipe.Fails" time="0.01" status="fail">
		<failure message=""/>
		<system-out></system-out>
	</testcase>
</testsuite>
)";
  }

  Outcome report(const std::string& required) const {
    std::ofstream(folder_ / "required") << required;
    return shell("'" IPCBENCH_SOURCE_DIR "/tools/test-report' tests.xml required");
  }
};

TEST_F(JunitReport, GroupsWhatCouldNotRunByItsReason) {
  const Outcome outcome = shell("'" IPCBENCH_SOURCE_DIR "/tools/test-report' tests.xml");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "2 of 6 tests ran; 4 could not run here:\n"
            "  2  there is no clang\n"
            "  1  Unable to find executable\n"
            "  1  needs \"two\" CPUs & <more>\n");
}

TEST_F(JunitReport, PassesIfWhatMustRunRan) {
  const Outcome outcome = report("# a comment\n\n^Ring\\.\n^Pipe\\.Fails$\n");
  EXPECT_EQ(outcome.code, 0) << outcome.out;
}

TEST_F(JunitReport, FailsIfWhatMustRunWasSkippedOrIsGone) {
  const Outcome outcome = report("^(Ring|Clock)\\.\nfuzz\n^Absent\\.\n");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("must run, and did not: Clock.Agrees: needs \"two\" CPUs & <more>\n"),
                                 HasSubstr("must run, and did not: fuzz-results: there is no clang\n"),
                                 HasSubstr("must run, and there is none: ^Absent\\.\n")));
}

// Every pattern must match a test of this build.
TEST_F(JunitReport, TheListNamesTestsThatThereAre) {
  if (kSanitized) GTEST_SKIP() << "builds with a sanitizer don't fuzz";
  const Outcome outcome = shell("cd '" IPCBENCH_BINARY_DIR
                                "' && names=$(ctest -N | sed -n 's/^ *Test *#[0-9]*: //p') && "
                                "grep -v -e '^#' -e '^$' '" IPCBENCH_SOURCE_DIR
                                "/tests/required' | while IFS= read -r pattern; do "
                                "grep -qE -- \"$pattern\" <<<\"$names\" || echo \"$pattern\"; done");
  EXPECT_EQ(outcome.out, "") << "no such test";
  EXPECT_EQ(outcome.code, 0) << outcome.err;
}

}  // namespace
}  // namespace ipcbench
