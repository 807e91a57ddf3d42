#include "plots/exports/hdr_log.h"

#include <zlib.h>

#include <bit>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <fmt/core.h>

#include "harness/base/utc_time.h"
#include "harness/measure/histogram.h"
#include "plots/page/base64.h"
#include "results/figures/launch_figures.h"
#include "results/figures/statistics.h"
#include "results/model/utf8.h"

// The encoding follows HdrHistogram's AbstractHistogram.encodeIntoCompressedByteBuffer(), the log its
// HistogramLogWriter: https://github.com/HdrHistogram/HdrHistogram.

namespace ipcbench {
namespace {

constexpr std::uint32_t kCookie = 0x1c849313, kCompressedCookie = 0x1c849314;  // version 2, words of varying length
constexpr std::uint32_t kSignificantDigits = 2;  // 128 buckets an octave: those of Histogram

// Appends a big-endian number.
template <class Number>
void put(std::string& bytes, Number number) {
  for (int shift = 8 * static_cast<int>(sizeof number) - 8; shift >= 0; shift -= 8)
    bytes += static_cast<char>(number >> shift & 0xff);
}

// Appends a ZigZag LEB128 number: seven bits a byte, lowest first; a ninth byte has eight.
void put_zigzag(std::string& bytes, std::int64_t value) {
  std::uint64_t rest = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  for (int n = 0; n < 8 && rest >> 7 != 0; ++n, rest >>= 7) bytes += static_cast<char>((rest & 0x7f) | 0x80);
  bytes += static_cast<char>(rest);
}

// Returns each bucket's count from 0 on; a run of empty buckets is its negative length.
std::string counts_of(const SparseHistogram& histogram) {
  std::string bytes;
  std::size_t next = 0;
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    if (histogram.counts[i] == 0) continue;
    const std::size_t bucket = Histogram::index_of(histogram.values_ns[i]);
    if (bucket > next) put_zigzag(bytes, -static_cast<std::int64_t>(bucket - next));
    put_zigzag(bytes, static_cast<std::int64_t>(histogram.counts[i]));
    next = bucket + 1;
  }
  return bytes;
}

std::string encode(const SparseHistogram& histogram) {
  const std::string counts = counts_of(histogram);
  std::string bytes;
  put(bytes, kCookie);
  put(bytes, static_cast<std::uint32_t>(counts.size()));
  put(bytes, std::uint32_t{0});  // normalising index offset
  put(bytes, kSignificantDigits);
  put(bytes, std::uint64_t{1});                               // lowest discernible value
  put(bytes, (std::uint64_t{1} << Histogram::kMaxBits) - 1);  // highest trackable value
  put(bytes, std::bit_cast<std::uint64_t>(1.0));              // conversion ratio of integers to doubles
  return bytes + counts;
}

std::string deflate(const std::string& bytes) {
  uLongf size = ::compressBound(bytes.size());
  std::string packed(size, '\0');
  if (::compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                 bytes.size()) != Z_OK)
    throw std::runtime_error("zlib can't compress a histogram");
  packed.resize(size);
  return packed;
}

}  // namespace

std::string to_hdr_base64(const SparseHistogram& histogram) {
  const std::string packed = deflate(encode(histogram));
  std::string bytes;
  put(bytes, kCompressedCookie);
  put(bytes, static_cast<std::uint32_t>(packed.size()));
  return base64(bytes + packed);
}

std::string to_hdr_log(const CaseRecord& c) {
  std::vector<const LaunchRecord*> launches;
  for (const LaunchRecord& launch : c.launches) {
    if (launch.used && launch.status == Status::ok && count_of(times_of(launch)) > 0) launches.push_back(&launch);
  }
  const double start = launches.empty() ? 0 : seconds_of_utc(launches.front()->started).value_or(0);
  std::string text = fmt::format("#[{}: the {} of each launch, in ns]\n", printable(c.id),
                                 c.summary.is_open_loop ? "responses" : "stamped round trips");
  text += "#[Histogram log format version 1.3]\n";
  text += fmt::format("#[StartTime: {:.3f} (seconds since epoch)]\n", start);
  text += "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n";
  for (const LaunchRecord* launch : launches) {
    const double begin = seconds_of_utc(launch->started).value_or(start) - start;
    const SparseHistogram& times = times_of(*launch);
    const double length_ns = launch->load ? launch->block_ns.value_or(0)
                                          : launch->mean_stamped_ns.value_or(0) * static_cast<double>(count_of(times));
    const double max_ns = (launch->load ? launch->load->response_max_ns : launch->max_ns).value_or(0);
    text += fmt::format("{:.3f},{:.3f},{:.3f},{}\n", begin, length_ns / 1e9, max_ns / 1e6, to_hdr_base64(times));
  }
  return text;
}

}  // namespace ipcbench
