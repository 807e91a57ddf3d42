#include "harness/files/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/base/unique_fd.h"
#include "harness/base/usage_error.h"
#include "harness/process/child.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string input_refusal(const std::string& path, std::size_t largest = kLargestInput) {
  try {
    read_input(path, largest);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(InputFile, ReadsAllOfARegularFileAndThroughALink) {
  const TemporaryFolder folder;
  const std::string text(200'000, 'x');
  folder.write("file", text);
  fs::create_symlink("file", folder.path() + "/link");
  EXPECT_EQ(read_input(folder.path() + "/file"), text);
  EXPECT_EQ(read_input(folder.path() + "/link"), text);
  EXPECT_THROW(read_input(folder.path() + "/none"), std::system_error);
}

TEST(InputFile, RefusesWhatIsNoRegularFile) {
  const TemporaryFolder folder;
  const std::string fifo = folder.path() + "/fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(input_refusal(fifo), fifo + ": this is a FIFO; a regular file is needed") << "and never waits for a writer";
  EXPECT_EQ(input_refusal("/dev/zero"), "/dev/zero: this is a device; a regular file is needed");
  EXPECT_EQ(input_refusal(folder.path()), folder.path() + ": this is a folder; a regular file is needed");
}

TEST(InputFile, RefusesWhatIsTooLargeBeforeItReservesMemory) {
  const TemporaryFolder folder;
  const std::string sparse = folder.path() + "/sparse";
  folder.write("sparse", "");
  ASSERT_EQ(::truncate(sparse.c_str(), off_t{7} << 40), 0) << "no room for a file with a hole of 7 TiB";
  EXPECT_THAT(input_refusal(sparse), HasSubstr("larger than 1 GiB"));
  folder.write("file", "12345");
  EXPECT_EQ(read_input(folder.path() + "/file", 5), "12345");
  EXPECT_THAT(input_refusal(folder.path() + "/file", 4), HasSubstr("larger than 4 B"));
}

TEST(InputFile, ReadsTheUnnamedPipeOfAProcessSubstitution) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  UniqueFd in(ends[0]), out(ends[1]);
  const std::string text(1 << 20, 'x');
  Child writer = Child::spawn("writer", [&] {
    in.reset();
    write_all(out.get(), text, "pipe");
    return 0;
  });
  out.reset();
  const std::string path = "/proc/self/fd/" + std::to_string(in.get());
  EXPECT_EQ(read_input(path), text);
  EXPECT_TRUE(writer.wait().clean());
}

TEST(InputFile, APipeThatGivesTooMuchIsRefused) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  UniqueFd in(ends[0]), out(ends[1]);
  write_all(out.get(), "12345", "pipe");
  EXPECT_THAT(input_refusal("/proc/self/fd/" + std::to_string(in.get()), 4), HasSubstr("larger than 4 B"));
}

}  // namespace
}  // namespace ipcbench
