#include <gtest/gtest.h>

#include "cli/options/subcommands.h"
#include "harness/base/usage_error.h"

namespace ipcbench {
namespace {

TEST(Summarise, StdoutHoldsOneResult) {
  CLI::App program;
  const Globals globals;
  const Subcommand summarise = add_summarise(program, globals);
  program.parse("summarise a.json b.json -o -");
  try {
    summarise.run();
    FAIL() << "it was accepted";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "-o -: stdout holds one result; name a folder for 2");
  }
}

}  // namespace
}  // namespace ipcbench
