#include "harness/selftest/load_checks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "harness/launch/load_record.h"
#include "harness/measure/histogram.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

constexpr double kTolerance = 0.02;
constexpr double kShortService = 0.1;  // of the stop
constexpr double kNoise = 0.5;         // of the stop: what noise may add
// Noise that lowers the saturation raises what is expected: at half of it, which is the least that is taken, to double.
constexpr double kLeastOfExpected = 0.5;
// What noise may add to services over half of a stop. Counted from the planned time, they would be about 500 in a stop
// of 100 ms at 10 000 a second, and 7 times what a pipe of 64 KiB holds of messages of 1 KiB.
constexpr double kNoiseServices = 100;
constexpr double kNoiseHeld = 3;

TimedFigure ratio(const char* name, double low, double high, double noise_high) {
  return {.name = name, .low = low, .high = high, .noise_high = noise_high, .unit = FigureUnit::none};
}

// Returns how many responses must exceed half of the stop. A message that was due at x of the stop S waits for S - x,
// and for the x * rate messages before it, which drain at the saturation.
double expected_responses(const StalledLoad& known) {
  constexpr double kSecond = 1e9;
  return known.rate_per_s * known.stop_ns / 2 / (1 - known.rate_per_s / known.saturation_per_s) / kSecond;
}

// Returns how many services may exceed half of the stop if the receiver was stopped: those of the messages that the
// channel holds, of the one whose send waits for room, and of the one that the receiver has taken and not stamped.
double most_services(const StalledLoad& known) {
  return std::min(known.channel_holds + 2, std::ceil(expected_responses(known)));
}

}  // namespace

std::vector<TimedFigure> stalled_figures(StoppedSide side) {
  std::vector<TimedFigure> figures = {
      ratio("longest response / stop", 1 - kTolerance, 1 + kTolerance, 1 + kNoise),
      ratio("responses over half of it / expected", 1 - kTolerance, 1 + kTolerance, 1 + kNoise)};
  figures.back().noise_low = kLeastOfExpected;
  switch (side) {
    case StoppedSide::sender:
      figures.push_back(ratio("longest service / stop", 0, kShortService, kNoise));
      break;
    case StoppedSide::answerer:
      figures.push_back(ratio("services over half of it", 1, 1, kNoiseServices));
      break;
    case StoppedSide::receiver:
      figures.push_back(ratio("services over half of it / what the channel holds", 0.5, 1, kNoiseHeld));
      break;
  }
  return figures;
}

const char* expected_of_stalled(StoppedSide side) noexcept {
  switch (side) {
    case StoppedSide::sender:
      return "the stop is the longest response, and no service";
    case StoppedSide::answerer:
      return "the stop is the longest response, and one service";
    case StoppedSide::receiver:
      return "the stop is the longest response, and a service for what the channel holds";
  }
  return "";
}

std::optional<std::vector<double>> stalled_readings(StoppedSide side, const LoadRecord& load,
                                                    const StalledLoad& known) {
  if (load.overloaded || !load.response_max_ns || !load.service_max_ns) return std::nullopt;
  if (known.rate_per_s * 2 > known.saturation_per_s) return std::nullopt;
  const double half = known.stop_ns / 2;
  std::vector<double> readings = {*load.response_max_ns / known.stop_ns,
                                  count_over(load.response, half) / expected_responses(known)};
  const double services = count_over(load.service, half);
  switch (side) {
    case StoppedSide::sender:
      readings.push_back(*load.service_max_ns / known.stop_ns);
      break;
    case StoppedSide::answerer:
      readings.push_back(services);
      break;
    case StoppedSide::receiver:
      readings.push_back(services / most_services(known));
      break;
  }
  return readings;
}

double count_over(const SparseHistogram& histogram, double ns) noexcept {
  double count = 0;
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    const double low = static_cast<double>(histogram.values_ns[i]);
    const double width = static_cast<double>(Histogram::width(Histogram::index_of(histogram.values_ns[i])));
    count += static_cast<double>(histogram.counts[i]) * std::clamp((low + width - ns) / width, 0.0, 1.0);
  }
  return count;
}

double exponential_distance(std::vector<double> gaps_ns, double mean_ns) {
  std::ranges::sort(gaps_ns);
  const double count = static_cast<double>(gaps_ns.size());
  double distance = 0;
  for (std::size_t i = 0; i < gaps_ns.size(); ++i) {
    const double expected = 1 - std::exp(-gaps_ns[i] / mean_ns);
    distance = std::max({distance, std::abs(expected - static_cast<double>(i) / count),
                         std::abs(expected - static_cast<double>(i + 1) / count)});
  }
  return distance * std::sqrt(count);
}

std::vector<double> gaps_in_time(std::span<const std::uint64_t> planned_ns, std::span<const std::uint64_t> sent_ns) {
  const auto is_in_time = [&](std::size_t i) { return sent_ns[i] - planned_ns[i] < kLateNs; };
  std::vector<double> gaps;
  for (std::size_t i = 1; i < sent_ns.size(); ++i) {
    if (is_in_time(i - 1) && is_in_time(i)) gaps.push_back(static_cast<double>(sent_ns[i] - sent_ns[i - 1]));
  }
  return gaps;
}

}  // namespace ipcbench
