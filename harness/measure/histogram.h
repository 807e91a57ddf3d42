#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace ipcbench {

// Histogram is a log-linear histogram of integer nanoseconds, in the layout of Gil Tene's HdrHistogram. Values under
// 128 are exact; above that each power of two has 128 equal buckets, so that a midpoint is within 0.4 % of its values.
// Values from 2^36 ns (68.7 s) on are counted in the last bucket. It is plain data in shared memory: zeroed memory is
// an empty histogram, and histograms merge by adding counts. One writer at a time.
struct Histogram {
  static constexpr unsigned kPrecisionBits = 7;
  static constexpr std::uint64_t kPerOctave = std::uint64_t{1} << kPrecisionBits;
  static constexpr unsigned kMaxBits = 36;
  static constexpr std::size_t kBuckets = (kMaxBits - kPrecisionBits + 1) * kPerOctave;

  std::array<std::uint64_t, kBuckets> counts;

  static constexpr std::size_t index_of(std::uint64_t ns) noexcept {
    if (ns < kPerOctave) return static_cast<std::size_t>(ns);
    if (ns >> kMaxBits != 0) return kBuckets - 1;
    const unsigned shift = static_cast<unsigned>(std::bit_width(ns)) - 1 - kPrecisionBits;
    return static_cast<std::size_t>((shift + std::uint64_t{1}) * kPerOctave + (ns >> shift) - kPerOctave);
  }
  // lower_bound() is the smallest value of a bucket, width() the number of values that it holds.
  static constexpr std::uint64_t lower_bound(std::size_t index) noexcept {
    if (index < 2 * kPerOctave) return index;
    const std::uint64_t shift = index / kPerOctave - 1;
    return (index % kPerOctave + kPerOctave) << shift;
  }
  static constexpr std::uint64_t width(std::size_t index) noexcept {
    return index < 2 * kPerOctave ? 1 : std::uint64_t{1} << (index / kPerOctave - 1);
  }

  void record(std::uint64_t ns) noexcept { ++counts[index_of(ns)]; }

  void merge(const Histogram& other) noexcept;
  std::uint64_t count() const noexcept;
  // Returns the midpoint of the bucket that holds the value of rank ceil(q * count), 0 < q <= 1; 0 if empty.
  double quantile(double q) const noexcept;
};

}  // namespace ipcbench
