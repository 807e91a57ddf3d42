#include "plots/exports/hdr_log.h"

#include <zlib.h>

#include <bit>
#include <cstdint>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/measure/histogram.h"
#include "plots/exports/exports.h"
#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "results/figures/summary_form.h"
#include "tests/support/sample_result.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A decoder written from the format's description, independent of the encoder.
std::string from_base64(const std::string& text) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<std::uint32_t>(letters.find(c));
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held & 0xff);
  }
  return bytes;
}

std::uint64_t big_endian(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = at; i < at + size; ++i) number = number << 8 | static_cast<unsigned char>(bytes.at(i));
  return number;
}

struct Decoded {
  std::uint64_t cookie = 0, digits = 0, least = 0, most = 0;
  std::vector<std::uint64_t> counts = {};  // by bucket
};

Decoded decoded(const std::string& text) {
  const std::string packed = from_base64(text);
  EXPECT_EQ(big_endian(packed, 0, 4), 0x1c849314u);
  EXPECT_EQ(big_endian(packed, 4, 4), packed.size() - 8);
  std::string bytes(1 << 20, '\0');
  uLongf size = bytes.size();
  EXPECT_EQ(::uncompress(reinterpret_cast<Bytef*>(bytes.data()), &size,
                         reinterpret_cast<const Bytef*>(packed.data() + 8), packed.size() - 8),
            Z_OK);
  bytes.resize(size);
  Decoded histogram{.cookie = big_endian(bytes, 0, 4),
                    .digits = big_endian(bytes, 12, 4),
                    .least = big_endian(bytes, 16, 8),
                    .most = big_endian(bytes, 24, 8)};
  EXPECT_EQ(big_endian(bytes, 4, 4), bytes.size() - 40) << "the length of the counts";
  for (std::size_t at = 40; at < bytes.size();) {
    std::uint64_t word = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint64_t byte = static_cast<unsigned char>(bytes.at(at++));
      word |= (shift == 56 ? byte : byte & 0x7f) << shift;
      if (shift == 56 || (byte & 0x80) == 0) break;
    }
    const auto value = static_cast<std::int64_t>(word >> 1) ^ -static_cast<std::int64_t>(word & 1);
    if (value < 0) {
      histogram.counts.resize(histogram.counts.size() + static_cast<std::size_t>(-value));
    } else {
      histogram.counts.push_back(static_cast<std::uint64_t>(value));
    }
  }
  return histogram;
}

// Returns a value's index in HdrHistogram's array of counts for two significant digits: 256 sub-buckets.
std::size_t hdr_index(std::uint64_t value) {
  const unsigned bucket = 56 - static_cast<unsigned>(std::countl_zero(value | 0xff));
  return ((bucket + 1) << 7) + (value >> bucket) - 128;
}

TEST(HdrLog, BucketsAreThoseOfTwoSignificantDigits) {
  for (std::uint64_t value = 1; value < std::uint64_t{1} << Histogram::kMaxBits; value += 1 + value / 97)
    ASSERT_EQ(Histogram::index_of(value), hdr_index(value)) << value;
}

TEST(HdrLog, EveryCountIsInItsBucket) {
  const SparseHistogram histogram{
      .values_ns = {0, 1, 127, 128, 5008, 4096 * 1024, Histogram::lower_bound(Histogram::kBuckets - 1)},
      .counts = {1, 2, 63, 64, 1'000'000, std::uint64_t{1} << 40, 3}};
  const Decoded read = decoded(to_hdr_base64(histogram));
  EXPECT_EQ(read.cookie, 0x1c849313u);
  EXPECT_EQ(read.digits, 2u);
  EXPECT_EQ(read.least, 1u);
  EXPECT_EQ(read.most, (std::uint64_t{1} << 36) - 1);
  ASSERT_EQ(read.counts.size(), Histogram::kBuckets);
  std::vector<std::uint64_t> expected(Histogram::kBuckets);
  for (std::size_t i = 0; i < histogram.counts.size(); ++i)
    expected[hdr_index(histogram.values_ns[i])] = histogram.counts[i];
  EXPECT_EQ(read.counts, expected);
}

TEST(HdrLog, AnEmptyHistogramHasNoCounts) { EXPECT_TRUE(decoded(to_hdr_base64({})).counts.empty()); }

TEST(HdrLog, HasALineForEachUsedLaunch) {
  CaseRecord c{.id = "ping-pong/pipe/block/64/same-cpu"};
  for (const char* started : {"2026-11-21T18:04:54.250Z", "2026-11-21T18:05:00.000Z", "2026-11-21T18:05:01.500Z"}) {
    c.launches.push_back({.started = started,
                          .mean_stamped_ns = 5'000,
                          .histogram = {.values_ns = {4992}, .counts = {1000}},
                          .max_ns = 2.5e6});
  }
  c.launches[1].used = false;
  std::istringstream in(to_hdr_log(c));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_THAT(lines[0], HasSubstr("ping-pong/pipe/block/64/same-cpu"));
  EXPECT_EQ(lines[1], "#[Histogram log format version 1.3]");
  EXPECT_EQ(lines[2], "#[StartTime: 1795284294.250 (seconds since epoch)]");
  EXPECT_THAT(lines[3], StartsWith("\"StartTimestamp\","));
  EXPECT_THAT(lines[4], StartsWith("0.000,0.005,2.500,HISTFA"));
  EXPECT_THAT(lines[5], StartsWith("7.250,0.005,2.500,HISTFA"));
  EXPECT_EQ(decoded(lines[5].substr(lines[5].rfind(',') + 1)).counts.at(hdr_index(4992)), 1000u);
}

TEST(Exports, OfTheSummaryFormHaveNoDistributions) {
  Result result = sample_result();
  summarise(result);
  const TemporaryFolder folder;
  write_exports(ComparedResult(result), folder.path() + "/whole");
  EXPECT_TRUE(std::filesystem::exists(folder.path() + "/whole/hlog"));
  to_summary_form(result);
  write_exports(ComparedResult(result), folder.path() + "/summary");
  EXPECT_TRUE(std::filesystem::exists(folder.path() + "/summary/tables"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/summary/hlog"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/summary/hgrm"));
}

}  // namespace
}  // namespace ipcbench
