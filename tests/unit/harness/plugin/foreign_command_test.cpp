#include "harness/plugin/foreign_command.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ForeignCommands : public testing::Test {
 protected:
  // Makes a program, and a link to a link to it.
  ForeignCommands() {
    folder_.write("real/program", "#!/bin/true\n");
    fs::permissions(program_, fs::perms::owner_all);
    fs::create_directory(folder_.path() + "/between");
    fs::create_directory(folder_.path() + "/venv");
    fs::create_symlink("../real/program", folder_.path() + "/between/link");
    fs::create_symlink(folder_.path() + "/between/link", link_);
  }

  TemporaryFolder folder_;
  std::string program_ = folder_.path() + "/real/program";
  std::string link_ = folder_.path() + "/venv/python3";
};

// By the name of a virtual environment's link its interpreter finds its packages.
TEST_F(ForeignCommands, AreExecutedByTheNamesOfTheirLinks) {
  const ForeignCommand command = foreign_command(link_ + " -u");
  EXPECT_THAT(command.words, ElementsAre(link_, "-u"));
  EXPECT_EQ(command.code.path, fs::canonical(program_));
}

TEST_F(ForeignCommands, AreRefusedIfOthersMayChangeALink) {
  for (const char* name : {"/between", "/venv", "/real"}) {
    const std::string folder = folder_.path() + name;
    ASSERT_EQ(::chmod(folder.c_str(), 0777), 0);
    EXPECT_THAT([&] { foreign_command(link_); },
                testing::ThrowsMessage<UsageError>(HasSubstr(std::string(name) + " can be changed by everybody")));
    ASSERT_EQ(::chmod(folder.c_str(), 0755), 0);
  }
}

}  // namespace
}  // namespace ipcbench
