#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "results/model/record.h"

// From launches to figures: a metric's value per launch, then the median over the launches of one canary state.

namespace ipcbench {

inline constexpr std::string_view kPingPong = "ping-pong";
inline constexpr std::string_view kStreaming = "streaming";
inline constexpr std::string_view kSetup = "setup";
// The reason of a case that was planned and that no launch has reached.
inline constexpr std::string_view kNotReached = "not reached before the run ended";

// Fills from the launches: Result::states; LaunchRecord::state, used, outlier; CaseRecord::status, reason, summary.
// For complete and partial runs, and as often as wanted: all that it fills it fills anew. A case without launches keeps
// its status, but `ok` becomes `skipped` with kNotReached.
void summarise(Result& result);

// Summarises `result`, read from `file`, anew. Throws ResultError that names the figure where what the file says of a
// case doesn't follow from its launches.
void check_summary(Result& result, const std::string& file);

// Of a case with launches: ok if any is ok and none invalid; else the worst (invalid, crashed, timed out, skipped).
Status status_of(const std::vector<LaunchRecord>& launches);
// No launch yet, but nothing that forbids one.
bool is_waiting(const CaseRecord& c);

// The commonest class of the used launches, the worse one where two are as common; "" if none of them has a class.
std::string commonest_class(const CaseRecord& c);

// The stamped blocks of all used launches together. Its quantiles are pooled ones, without an interval.
SparseHistogram pooled_histogram(const CaseRecord& c);

// A p50 under this many times the clock's overhead is too coarse to compare by.
inline constexpr double kLeastClockMultiple = 10;
// The round trip that stands for a ping-pong case: p50, or the unstamped mean where the clock is too coarse.
const Figure& headline_rtt(const CaseSummary& summary) noexcept;

bool carries_payload(const CaseRecord& c) noexcept;  // false: notifications only

}  // namespace ipcbench
