#include "harness/base/usage_error.h"

#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string> kNames = {"pipe", "fifo", "tcp", "unix-stream"};

TEST(Suggestion, NamesTheNearMiss) {
  EXPECT_EQ(suggestion("pip", kNames), "; did you mean 'pipe'?");
  EXPECT_EQ(suggestion("unix_steam", kNames), "; did you mean 'unix-stream'?");
}

TEST(Suggestion, CountsSwappedNeighboursAsOneEdit) { EXPECT_EQ(suggestion("tpc", kNames), "; did you mean 'tcp'?"); }

TEST(Suggestion, ListsAllWhereNothingIsNear) {
  EXPECT_EQ(suggestion("banana", kNames), "; valid: pipe, fifo, tcp, unix-stream");
  EXPECT_EQ(suggestion("", kNames), "; valid: pipe, fifo, tcp, unix-stream");
}

TEST(Suggestion, IsEmptyWithoutValidNames) { EXPECT_EQ(suggestion("pipe", {}), ""); }

TEST(ParseSize, TakesBytesAndBinaryUnits) {
  EXPECT_EQ(parse_size("0", "--size"), 0u);
  EXPECT_EQ(parse_size("64", "--size"), 64u);
  EXPECT_EQ(parse_size("64B", "--size"), 64u);
  EXPECT_EQ(parse_size("4KiB", "--size"), 4096u);
  EXPECT_EQ(parse_size("4 KiB", "--size"), 4096u);
  EXPECT_EQ(parse_size("4K", "--size"), 4096u);
  EXPECT_EQ(parse_size("1MiB", "--size"), std::size_t{1} << 20);
  EXPECT_EQ(parse_size("2GiB", "--size"), std::size_t{2} << 30);
}

TEST(ParseSize, RefusesTheRestAndNamesWhat) {
  for (const char* text : {"", "KiB", "-1", "1.5KiB", "64KB", "64x", " 64", "0x10", "64 KiB "}) {
    try {
      parse_size(text, "--size");
      ADD_FAILURE() << "accepted '" << text << "'";
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("--size: ")) << text;
    }
  }
}

TEST(ParseSize, RefusesWhatDoesNotFit) {
  EXPECT_EQ(parse_size("18446744073709551615", "x"), std::numeric_limits<std::size_t>::max());
  EXPECT_THROW(parse_size("18446744073709551616", "x"), UsageError);
  EXPECT_THROW(parse_size("17179869184GiB", "x"), UsageError);
}

TEST(ParseCount, TakesWholeNumbersFromOne) {
  EXPECT_EQ(parse_count("1", "window"), 1u);
  EXPECT_EQ(parse_count("2147483647", "window"), 2147483647u);
  for (const char* text : {"", "0", "-1", "2147483648", "64KiB", "6x", " 6"}) {
    EXPECT_THROW(parse_count(text, "window"), UsageError) << text;
  }
}

TEST(FormatSize, UsesTheLargestUnitThatDividesIt) {
  EXPECT_EQ(format_size(0), "0 B");
  EXPECT_EQ(format_size(64), "64 B");
  EXPECT_EQ(format_size(1500), "1500 B");
  EXPECT_EQ(format_size(4096), "4 KiB");
  EXPECT_EQ(format_size(std::size_t{1} << 20), "1 MiB");
  EXPECT_EQ(format_size(std::size_t{3} << 30), "3 GiB");
}

TEST(FormatSize, IsReadBackByParseSize) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{4097}, std::size_t{65536}, std::size_t{5} << 20}) {
    EXPECT_EQ(parse_size(format_size(size), "x"), size);
  }
}

}  // namespace
}  // namespace ipcbench
