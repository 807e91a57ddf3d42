#include "cli/commands/selftest.h"

#include <gtest/gtest.h>

#include "cli/terminal/exit_code.h"

namespace ipcbench {
namespace {

TEST(SelftestExit, AMissAndWhatIsUndecidedHaveCodesOfTheirOwn) {
  EXPECT_EQ(exit_code_of(CheckOutcome::missed), kExitInvalid);
  EXPECT_EQ(exit_code_of(CheckOutcome::undecided), kExitTooNoisy);
  EXPECT_EQ(exit_code_of(CheckOutcome::ok), 0);
  EXPECT_EQ(exit_code_of(CheckOutcome::skipped), 0) << "what can't run here is no fault";
}

}  // namespace
}  // namespace ipcbench
