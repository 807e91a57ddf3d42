#include "harness/files/compression.h"

#include <fcntl.h>

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/base/usage_error.h"
#include "harness/files/input_file.h"
#include "harness/files/output_file.h"
#include "results/model/line_log.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::size_t kLargest = 1 << 20;

std::string refusal_to_unpack(std::string_view content, std::size_t largest = kLargest) {
  try {
    decompress(content, "FILE", largest);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += std::to_string(i) + '\n';
  return text;
}

TEST(Compression, GivesBackEveryText) {
  for (const std::string& text : {std::string(), std::string("x"), std::string(3, '\0'), long_text()}) {
    const std::string frame = compress(text);
    EXPECT_TRUE(is_compressed(frame));
    EXPECT_EQ(decompress(frame, "FILE", kLargest), text);
  }
  EXPECT_LT(compress(long_text()).size(), long_text().size() / 2);
}

TEST(Compression, IsKnownByItsFirstBytes) {
  EXPECT_FALSE(is_compressed(""));
  EXPECT_FALSE(is_compressed("{\"schema\""));
  EXPECT_FALSE(is_compressed(compress("x").substr(0, 3)));
  EXPECT_TRUE(is_compressed(std::string("\x5f\x2a\x4d\x18", 4))) << "a skippable frame, as pzstd writes";
  EXPECT_TRUE(names_compressed_file("run.json.zst"));
  EXPECT_FALSE(names_compressed_file("run.json"));
}

// The content of `cat a.zst b.zst`.
TEST(Compression, FramesThatFollowEachOtherAreOneText) {
  EXPECT_EQ(decompress(compress("one ") + compress("") + compress("two"), "FILE", kLargest), "one two");
}

TEST(Compression, ATornFrameIsNamedWithItsPlaceWhereverItIsTorn) {
  const std::string frame = compress(long_text());
  for (std::size_t kept = 4; kept < frame.size(); kept += frame.size() / 37) {
    EXPECT_THAT(
        refusal_to_unpack(std::string_view(frame).substr(0, kept)),
        AllOf(HasSubstr("FILE: cut off at byte " + std::to_string(kept) + ", after "), HasSubstr(" bytes of text")));
  }
  EXPECT_THAT(refusal_to_unpack(compress("one") + frame.substr(0, 10)), HasSubstr("after 3 bytes of text"));
}

TEST(Compression, ADamagedFrameIsRefusedWhereverItIsDamaged) {
  const std::string frame = compress(long_text());
  int refused = 0, flips = 0;
  for (std::size_t at = 4; at < frame.size(); at += frame.size() / 41, ++flips) {
    std::string damaged = frame;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    refused += refusal_to_unpack(damaged).starts_with("FILE: ");
  }
  EXPECT_EQ(refused, flips) << "the checksum finds what the format doesn't";
  EXPECT_THAT(refusal_to_unpack(compress("one") + "and more"), HasSubstr("FILE: damaged near byte "));
}

// 20 KB unpack to 512 MiB.
TEST(Compression, TheLimitHoldsForTheUnpackedText) {
  EXPECT_EQ(refusal_to_unpack(compress(std::string(kLargest, 'x'))), "");
  EXPECT_THAT(refusal_to_unpack(compress(std::string(kLargest + 1, 'x'))),
              HasSubstr("FILE: unpacks to more than 1 MiB"));
  const std::string bomb = compress(std::string(64 * kLargest, 'x'));
  std::string many;
  for (int i = 0; i < 8; ++i) many += bomb;
  EXPECT_LT(many.size(), kLargest / 8);
  EXPECT_THAT(refusal_to_unpack(many), HasSubstr("unpacks to more than"));
}

TEST(Compression, FilesAreWrittenByTheirNameAndReadByTheirContent) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/result.json.zst";
  write_file_atomically(path, long_text());
  EXPECT_EQ(read_input(path), long_text());
  const std::string stored = read_file(path);
  EXPECT_TRUE(is_compressed(stored));

  folder.write("renamed", stored);
  EXPECT_EQ(read_input(folder.path() + "/renamed"), long_text());
  folder.write("plain.zst", "not compressed");
  EXPECT_EQ(read_input(folder.path() + "/plain.zst"), "not compressed");
  EXPECT_THROW(read_input(path, 1000), UsageError);
}

TEST(Compression, WhatIsAppendedToIsRefusedAndNothingIsMade) {
  const TemporaryFolder folder;
  try {
    const LineLog log(folder.path() + "/ab.pairs.jsonl.zst", "pairs", O_CREAT);
    ADD_FAILURE();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("ab.pairs.jsonl.zst"), HasSubstr("name it " + folder.path() + "/ab.pairs.jsonl,")));
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/ab.pairs.jsonl.zst"));
}

}  // namespace
}  // namespace ipcbench
