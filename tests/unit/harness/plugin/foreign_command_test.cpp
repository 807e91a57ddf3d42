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
  // Makes a program, a link to a link to it, and a link to the folder of a link.
  ForeignCommands() {
    folder_.write("real/program", "#!/bin/true\n");
    fs::permissions(program_, fs::perms::owner_all);
    fs::create_directory(folder_.path() + "/between");
    fs::create_directory(folder_.path() + "/venv");
    fs::create_symlink("../real/program", folder_.path() + "/between/link");
    fs::create_symlink(folder_.path() + "/between/link", link_);
    fs::create_directory(folder_.path() + "/home");
    fs::create_symlink("../venv", folder_.path() + "/home/venv");
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

TEST_F(ForeignCommands, AreRefusedIfOthersMayChangeALinkOrAFolderOnTheWay) {
  const std::string by_folder = folder_.path() + "/home/venv/python3";
  EXPECT_EQ(foreign_command(by_folder).words.front(), by_folder);
  for (const char* name : {"/between", "/venv", "/real", "/home"}) {
    const std::string folder = folder_.path() + name;
    ASSERT_EQ(::chmod(folder.c_str(), 0777), 0);
    EXPECT_THAT([&] { foreign_command(by_folder); },
                testing::ThrowsMessage<UsageError>(HasSubstr(std::string(name) + " can be changed by everybody")));
    ASSERT_EQ(::chmod(folder.c_str(), 0755), 0);
  }
}

// In a sticky folder others can't replace what isn't theirs. Its owner can, and a link in it may be anybody's.
TEST_F(ForeignCommands, MayHaveAStickyFolderOnTheirWayThatHoldsNoLinkOfIt) {
  ASSERT_EQ(::chmod(folder_.path().c_str(), 01777), 0);
  EXPECT_EQ(foreign_command(link_).words.front(), link_);
  fs::create_symlink("venv", folder_.path() + "/link");
  EXPECT_THAT([&] { foreign_command(folder_.path() + "/link/python3"); },
              testing::ThrowsMessage<UsageError>(HasSubstr(folder_.path() + " can be changed by everybody")));
}

TEST_F(ForeignCommands, HaveALauncherBeforeTheSocket) {
  folder_.write("real/code", "");
  const std::string code = folder_.path() + "/real/code";
  const ForeignCommand command =
      foreign_command("sh " + code + " -n 1 ipcbench worker --connect {socket} -- " + link_ + " -u");
  EXPECT_EQ(command.socket_word, 7u);
  EXPECT_THAT(command.words, ElementsAre(testing::EndsWith("/sh"), code, "-n", "1", "ipcbench", "worker", "--connect",
                                         "{socket}", "--", link_, "-u"));
  EXPECT_EQ(command.code.path, fs::canonical(program_)) << "not the launcher's";
  EXPECT_EQ(foreign_command("sh {socket} -- " + link_ + " " + code).code.path, fs::canonical(code));
  EXPECT_EQ(foreign_command("sh ipcbench worker --connect={socket} -- " + link_).socket_word, 3u);
  EXPECT_EQ(foreign_command(link_).socket_word, 0u);
}

TEST_F(ForeignCommands, WithALauncherAreRefusedAsOthersAre) {
  for (const char* text : {"{socket} -- sh", "sh {socket}", "sh {socket} --", "sh {socket} sh", "sh {socket} sh --",
                           "sh {socket} -- sh {socket}", "sh {socket}{socket} -- sh"}) {
    EXPECT_THAT(
        [&] { foreign_command(text); },
        testing::ThrowsMessage<UsageError>(HasSubstr("{socket} stands once, and a -- behind it, as in 'mpirun")))
        << text;
  }
  EXPECT_THAT([] { foreign_command("no-such-launcher {socket} -- sh"); },
              testing::ThrowsMessage<UsageError>(HasSubstr("no-such-launcher is not a program in PATH")));
  EXPECT_THAT([] { foreign_command("sh {socket} -- no-such-worker"); },
              testing::ThrowsMessage<UsageError>(HasSubstr("no-such-worker is not a program in PATH")));
  ASSERT_EQ(::chmod(program_.c_str(), 0777), 0);
  EXPECT_THAT([&] { foreign_command("sh " + program_ + " {socket} -- sh"); },
              testing::ThrowsMessage<UsageError>(HasSubstr("can be changed by everybody")));
}

}  // namespace
}  // namespace ipcbench
