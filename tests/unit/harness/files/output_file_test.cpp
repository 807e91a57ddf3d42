#include "harness/files/output_file.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/base/usage_error.h"
#include "harness/process/child.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr uid_t kSomebody = 61234;
constexpr int kSkipped = 77;

class OutputFile : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path() + '/' + name; }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_.path()))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  static unsigned mode_of(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
  }

  // Runs `body` in a separate process, whose identity and mounts may change. Returns 77 if that isn't permitted.
  static int in_child(const std::function<int()>& body) {
    return Child::spawn("output",
                        [&] {
                          try {
                            return body();
                          } catch (const std::exception& error) {
                            write_all(STDERR_FILENO, std::string(error.what()) + '\n', "stderr");
                            return 70;
                          }
                        })
        .wait()
        .code;
  }

  TemporaryFolder folder_;
};

TEST_F(OutputFile, ANewFileHasTheModeOfAnyNewFile) {
  const mode_t old = ::umask(027);
  write_file_atomically(path("file"), "new");
  ::umask(old);
  EXPECT_EQ(read_file(path("file")), "new");
  EXPECT_EQ(mode_of(path("file")), 0640u);
  EXPECT_THAT(names(), ElementsAre("file"));
}

TEST_F(OutputFile, TheOldFilesModeIsKept) {
  for (const unsigned mode : {0600u, 0664u, 0440u}) {
    folder_.write("file", "old");
    ASSERT_EQ(::chmod(path("file").c_str(), mode), 0);
    write_file_atomically(path("file"), "new");
    EXPECT_EQ(mode_of(path("file")), mode);
    EXPECT_EQ(read_file(path("file")), "new");
    fs::remove(path("file"));
  }
}

TEST_F(OutputFile, AsRootTheOldFilesOwnerIsKept) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  folder_.write("file", "old");
  ASSERT_EQ(::chown(path("file").c_str(), kSomebody, kSomebody), 0);
  write_file_atomically(path("file"), "new");
  struct stat status {};
  ASSERT_EQ(::stat(path("file").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, kSomebody);
  EXPECT_EQ(status.st_gid, kSomebody);
}

TEST_F(OutputFile, NothingElseInTheFolderIsTouched) {
  folder_.write("victim", "precious");
  fs::create_symlink("victim", path("file.tmp"));
  write_file_atomically(path("file"), "new");
  EXPECT_EQ(read_file(path("victim")), "precious");
  EXPECT_THAT(names(), ElementsAre("file", "file.tmp", "victim"));
}

TEST_F(OutputFile, AnOwnLinkStaysAndItsTargetIsReplaced) {
  folder_.write("file", "old");
  fs::create_directory(path("below"));
  fs::create_symlink("../file", path("below/link"));
  fs::create_symlink("below/link", path("link"));
  write_file_atomically(path("link"), "new");
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_TRUE(fs::is_symlink(path("below/link")));
  EXPECT_EQ(read_file(path("file")), "new");
}

TEST_F(OutputFile, AnOwnLinkToNothingMakesItsTarget) {
  fs::create_symlink("file", path("link"));
  write_file_atomically(path("link"), "new");
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read_file(path("file")), "new");
}

TEST_F(OutputFile, LinksInACircleAreAnError) {
  fs::create_symlink("one", path("two"));
  fs::create_symlink("two", path("one"));
  EXPECT_THROW(write_file_atomically(path("one"), "new"), std::system_error);
}

TEST_F(OutputFile, SomebodyElsesLinkIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  folder_.write("victim", "precious");
  fs::create_symlink("victim", path("link"));
  ASSERT_EQ(::lchown(path("link").c_str(), kSomebody, kSomebody), 0);
  try {
    write_file_atomically(path("link"), "new");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("another user's link"));
  }
  EXPECT_THROW(check_output(path("link")), UsageError);
  EXPECT_EQ(read_file(path("victim")), "precious");
}

TEST_F(OutputFile, OtherNamesOfAFileKeepTheOldText) {
  folder_.write("file", "old");
  fs::create_hard_link(path("file"), path("other"));
  write_file_atomically(path("file"), "new");
  EXPECT_EQ(read_file(path("file")), "new");
  EXPECT_EQ(read_file(path("other")), "old");
}

TEST_F(OutputFile, AMountPointIsWrittenInPlace) {
  folder_.write("outside", "a longer old text");
  folder_.write("file", "");
  const int code = in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount(path("outside").c_str(), path("file").c_str(), nullptr, MS_BIND, nullptr) != 0)
      return kSkipped;
    check_output(path("file"));
    write_file_atomically(path("file"), "new");
    return 0;
  });
  if (code == kSkipped) GTEST_SKIP() << "needs mounts of its own";
  EXPECT_EQ(code, 0);
  EXPECT_EQ(read_file(path("outside")), "new");
  EXPECT_THAT(names(), ElementsAre("file", "outside"));
}

TEST_F(OutputFile, AFileInAFolderThatTakesNoOtherIsWrittenInPlace) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become somebody";
  folder_.write("file", "a longer old text");
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chown(path("file").c_str(), kSomebody, kSomebody), 0);
  const int code = in_child([&] {
    if (::setgid(kSomebody) != 0 || ::setuid(kSomebody) != 0) return kSkipped;
    check_output(path("file"));
    write_file_atomically(path("file"), "new");
    try {
      check_output(path("another"));
      return 2;
    } catch (const UsageError& error) {
      return std::string(error.what()).find("name a file in a folder that can be written to") != std::string::npos ? 0
                                                                                                                   : 3;
    }
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(read_file(path("file")), "new");
}

TEST_F(OutputFile, AnotherUsersFileInAStickyFolderIsRefusedBeforehand) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become somebody";
  folder_.write("file", "theirs");
  ASSERT_EQ(::chmod(path("file").c_str(), 0666), 0);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 01777), 0);
  const int code = in_child([&] {
    if (::setgid(kSomebody) != 0 || ::setuid(kSomebody) != 0) return kSkipped;
    try {
      check_output(path("file"));
      return 2;
    } catch (const UsageError&) {
    }
    try {
      write_file_atomically(path("file"), "new");
      return 3;
    } catch (const std::system_error&) {
      return 0;
    }
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(read_file(path("file")), "theirs");
  EXPECT_THAT(names(), ElementsAre("file"));
}

TEST_F(OutputFile, AFailedWriteKeepsTheOldTextAndLeavesNothing) {
  folder_.write("file", "old");
  const int code = in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{.rlim_cur = 100, .rlim_max = 100};
    if (::setrlimit(RLIMIT_FSIZE, &small) != 0) return kSkipped;
    try {
      write_file_atomically(path("file"), std::string(1000, 'x'));
      return 2;
    } catch (const std::system_error& error) {
      return error.code() == std::errc::file_too_large ? 0 : 3;
    }
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(read_file(path("file")), "old");
  EXPECT_THAT(names(), ElementsAre("file"));
}

TEST_F(OutputFile, AFullDiskKeepsTheOldTextOfAMountPoint) {
  fs::create_directory(path("disk"));
  folder_.write("file", "");
  const int code = in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", path("disk").c_str(), "tmpfs", 0, "size=64k") != 0)
      return kSkipped;
    write_file_atomically(path("disk/file"), "old");
    if (::mount(path("disk/file").c_str(), path("file").c_str(), nullptr, MS_BIND, nullptr) != 0) return kSkipped;
    try {
      write_file_atomically(path("file"), std::string(100'000, 'x'));
      return 2;
    } catch (const std::system_error& error) {
      return error.code() == std::errc::no_space_on_device && read_file(path("file")) == "old" ? 0 : 3;
    }
  });
  if (code == kSkipped) GTEST_SKIP() << "needs mounts of its own";
  EXPECT_EQ(code, 0);
  EXPECT_THAT(names(), ElementsAre("disk", "file"));
}

TEST_F(OutputFile, WhatAKilledWriterLeftIsRemovedByTheNextWrite) {
  folder_.write("file", "old");
  Child writer = Child::spawn("output", [&] {
    // Ends the writer in the middle of the text: with its default action SIGXFSZ kills as surely as SIGKILL.
    std::signal(SIGXFSZ, SIG_DFL);
    const rlimit small{.rlim_cur = 100, .rlim_max = 100};
    const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
    if (::setrlimit(RLIMIT_CORE, &no_core) != 0 || ::setrlimit(RLIMIT_FSIZE, &small) != 0) return kSkipped;
    write_file_atomically(path("file"), std::string(1000, 'x'));
    return 0;
  });
  ASSERT_EQ(writer.wait().signal, SIGXFSZ);
  EXPECT_EQ(read_file(path("file")), "old");
  ASSERT_EQ(names().size(), 2u) << "the part that was written";
  write_file_atomically(path("another"), "new");
  EXPECT_THAT(names(), ElementsAre("another", "file"));
}

TEST_F(OutputFile, OnlyItsOwnKindIsRemoved) {
  folder_.write(".ipcbench-0123456789abcdef.part.txt", "");
  folder_.write(".ipcbench-notes.part", "");
  fs::create_symlink("file", path(".ipcbench-0123456789abcdef.part"));
  write_file_atomically(path("file"), "new");
  EXPECT_EQ(names().size(), 4u);
}

TEST_F(OutputFile, ADeviceGetsTheBytesAndStaysOne) {
  write_file_atomically("/dev/null", "gone");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(OutputFile, AFifoThatNobodyReadsIsNotWaitedFor) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  try {
    write_file_atomically(path("fifo"), "new");
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code().value(), ENXIO);
  }
}

TEST_F(OutputFile, APlaceThatTakesNoFileIsRefusedBeforehandAndLeftAsItIs) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  for (const std::string& place :
       {folder_.path(), path("new/"), path("none/file"), path("fifo"), std::string("/dev/null"),
        std::string("/proc/self/file"), path(std::string(300, 'n') + "/f")})
    EXPECT_THROW(check_output(place), UsageError) << place;
  check_output(path("file"));
  EXPECT_THAT(names(), ElementsAre("fifo"));
}

TEST_F(OutputFile, StdoutHasFourNames) {
  for (const char* name : {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) EXPECT_TRUE(is_stdout(name)) << name;
  for (const char* name : {"", "./-", "stdout", "/dev/fd/10"}) EXPECT_FALSE(is_stdout(name)) << name;
}

}  // namespace
}  // namespace ipcbench
