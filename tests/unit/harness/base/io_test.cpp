#include "harness/base/io.h"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/unique_fd.h"
#include "harness/files/output_file.h"
#include "harness/process/child.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

TEST(Io, ReadsWhatItWrote) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/file";
  const std::string content = std::string(100'000, 'x') + "\nsecond\n";
  write_file_atomically(path, content);
  EXPECT_EQ(read_file(path), content);
  EXPECT_EQ(read_line(path), std::string(65536, 'x')) << "a line has a longest length";
  write_file_atomically(path, "");
  EXPECT_EQ(read_file(path), "");
  EXPECT_EQ(read_line(path), "");
}

TEST(Io, ALineEndsAtItsNewlineOrWithTheFile) {
  const TemporaryFolder folder;
  folder.write("two", "first\nsecond\n");
  folder.write("open", "first");
  EXPECT_EQ(read_line(folder.path() + "/two"), "first");
  EXPECT_EQ(read_line(folder.path() + "/open"), "first");
  EXPECT_EQ(read_line(folder.path() + "/none"), std::nullopt);
  EXPECT_EQ(read_line(folder.path()), std::nullopt);
}

TEST(Io, ErrorsNameTheFile) {
  try {
    read_file("/no/such/file");
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
    EXPECT_THAT(error.what(), testing::HasSubstr("/no/such/file"));
  }
}

// A program that shares stdout may have set O_NONBLOCK on it.
TEST(Io, WriteAllWritesMoreThanAPipeHoldsWhetherItWaitsOrNot) {
  for (const int flags : {0, O_NONBLOCK}) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    UniqueFd in(ends[0]);
    UniqueFd out(ends[1]);
    const std::string content(1 << 20, 'x');
    Child writer = Child::spawn("writer", [&] {
      in.reset();
      if (::fcntl(out.get(), F_SETFL, flags) != 0) return 1;
      write_all(out.get(), content, "pipe");
      return 0;
    });
    out.reset();
    EXPECT_EQ(read_file("/proc/self/fd/" + std::to_string(in.get())), content);
    EXPECT_TRUE(writer.wait().clean()) << flags;
  }
}

TEST(Io, WriteAllToAClosedPipeNamesIt) {
  Child writer = Child::spawn("writer", [] {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return 1;
    ::close(ends[0]);
    try {
      write_all(ends[1], "x", "the pipe");
    } catch (const std::system_error& error) {
      return error.code() == std::errc::broken_pipe && std::string(error.what()).find("the pipe") == 6 ? 0 : 2;
    }
    return 3;
  });
  EXPECT_EQ(describe(writer.wait()), "exited with code 0");
}

}  // namespace
}  // namespace ipcbench
