#include "harness/plan/open_loop_lengths.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "harness/measure/stamps.h"
#include "harness/plan/cast_lengths.h"
#include "harness/plan/round_1_2_5.h"
#include "harness/suite/duration.h"

namespace ipcbench {
namespace {

using std::chrono::nanoseconds;

constexpr double kSecond = 1e9;
constexpr double kLeastOps = static_cast<double>(kSlices);
constexpr double kPartAlone = 0.25;  // of the schedule that a sleeping pacer goes by without messages

// Returns the round trips of a launch: as many as its median needs (rule 15), or a few after long silences.
std::uint64_t ops_after_silence(std::uint64_t silence_ns) noexcept {
  constexpr std::uint64_t kLongNs = 1'000'000'000, kOps = 20, kOpsAfterLong = 5;
  return silence_ns < kLongNs ? kOps : kOpsAfterLong;
}

// Returns the shortest block at `rate` of `saturation`, both a second, in ns: 20 times the queue's relaxation time.
// There is none at and over the saturation.
double settled_ns(double rate, double saturation) {
  const double distance = 1 - std::sqrt(rate / saturation);
  if (!(distance > 0)) return 0;
  return kRelaxations / (saturation * distance * distance) * kSecond;
}

// Returns `ops` or the next larger number of rounds, in which each producer sends a burst. There is a round for each
// slice, so that a backlog can be seen to grow, unless that takes longer than the longest schedule.
std::uint64_t whole_rounds(std::uint64_t ops, const PlannedCase& planned, double rate) {
  const std::uint64_t round = open_loop_of(planned.spec).burst * cast_of(planned.spec).pattern.producers;
  const double longest = kLongestScheduleNs / kSecond * rate;
  const auto fewest = static_cast<std::uint64_t>(std::min(static_cast<double>(kSlices * round), longest));
  const std::uint64_t rounds = (std::max(ops, fewest) + round - 1) / round;
  return std::min(rounds, kMostStamps / round) * round;
}

// Returns the rate that a channel surely sustains.
double lower_end(const Figure& saturation, double lowest) { return saturation.ci95 ? saturation.ci95->low : lowest; }

}  // namespace

double rate_of(const PlannedCase& planned, double op_ns) {
  const OpenLoop loop = open_loop_of(planned.spec);
  if (loop.load_percent == 0) return static_cast<double>(loop.rate_per_s);
  if (planned.rate_per_s != 0) return static_cast<double>(planned.rate_per_s);
  return std::max(1.0, static_cast<double>(loop.load_percent) / 100 * kSecond / op_ns);
}

std::uint64_t scheduled_ops(const PlannedCase& planned, double op_ns, nanoseconds block) {
  const OpenLoop loop = open_loop_of(planned.spec);
  if (loop.silence_ns != 0) return ops_after_silence(loop.silence_ns);
  if (has_cast(planned.spec)) block = std::max(block, shortest_cast_block(planned.spec, planned.seat_cpus));
  const double rate = rate_of(planned, op_ns);
  if (!(rate > 0)) return std::min(round_1_2_5(std::max(kLeastOps, ns_of(block) / op_ns)), kMostStamps);
  const std::uint64_t percent = loop.load_percent;
  const double saturation = percent == 0 ? kSecond / op_ns : rate * 100 / static_cast<double>(percent);
  const double lasts =
      std::max(ns_of(std::max(block, kShortestSchedule)), std::min(settled_ns(rate, saturation), kLongestScheduleNs));
  const double least = std::max(kLeastOps, static_cast<double>(planned.least_ops));
  const double ops = std::clamp(lasts * rate / kSecond, least, static_cast<double>(kMostStamps));
  return whole_rounds(std::min(round_up_1_2_5(ops), kMostStamps), planned, rate);
}

double scheduled_ns(const PlannedCase& planned, std::uint64_t ops, double op_ns) {
  const OpenLoop loop = open_loop_of(planned.spec);
  const double messages = static_cast<double>(ops);
  if (loop.silence_ns != 0) return messages * (static_cast<double>(loop.silence_ns) + op_ns);
  const double rate = rate_of(planned, op_ns);
  if (!(rate > 0)) return messages * op_ns;
  const bool sleeps = loop.pacing == Pacing::sleep;
  return messages * (std::max(kSecond / rate, op_ns) + (sleeps ? kPartAlone * kSecond / rate : 0));
}

std::uint64_t share_of(const Figure& saturation, double lowest, std::uint64_t percent) {
  const double rate = std::floor(lower_end(saturation, lowest) * static_cast<double>(percent) / 100);
  return static_cast<std::uint64_t>(std::clamp(rate, 1.0, static_cast<double>(kLargestRate)));
}

std::string load_refusal(const Figure& saturation, double lowest, double rate_per_s) {
  if (!saturation.median) return "";
  const double distance = std::abs(*saturation.median - rate_per_s);
  if (saturation.ci95 && distance < (saturation.ci95->high - saturation.ci95->low) / 2) {
    return fmt::format("{:.0f}/s is too near to the saturation of {:.0f}/s [{:.0f}, {:.0f}]", rate_per_s,
                       *saturation.median, saturation.ci95->low, saturation.ci95->high);
  }
  const double low = lower_end(saturation, lowest);
  if (rate_per_s >= low) return "";
  const double needed = settled_ns(rate_per_s, low);
  if (needed <= kLongestScheduleNs && needed * rate_per_s / kSecond <= static_cast<double>(kMostStamps)) return "";
  return fmt::format(
      "at {:.0f} % of the saturation a block must last {} and {:.0f} messages; the longest has {} and {}",
      100 * rate_per_s / low, format_duration(whole_ns(needed)), std::ceil(needed * rate_per_s / kSecond),
      format_duration(whole_ns(kLongestScheduleNs)), kMostStamps);
}

std::string most_load_refusal(const Figure& saturation, double lowest, double rate_per_s, std::uint64_t percent) {
  const double low = lower_end(saturation, lowest);
  if (rate_per_s <= low * static_cast<double>(percent) / 100) return "";
  return fmt::format("{:.0f}/s is over {} % of the saturation, {:.0f}/s", rate_per_s, percent, low);
}

}  // namespace ipcbench
