#include "cli/options/run_arguments.h"

#include <string>

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/suite/suite.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

TEST(RunArguments, NameEachSuite) {
  CLI::App run, ab;
  RunArguments of_run, of_ab;
  of_run.add_to(run);
  of_ab.add_pairs_to(ab);
  for (const std::string& suite : builtin_suites()) {
    EXPECT_THAT(run.get_option("SUITE")->get_description(), HasSubstr(suite));
    EXPECT_THAT(ab.get_option("--suite")->get_description(), HasSubstr(suite));
  }
}

}  // namespace
}  // namespace ipcbench
