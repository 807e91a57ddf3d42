#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "results/model/record.h"

// Turns launches into figures: a value per launch, then the median over the launches of one canary state.

namespace ipcbench {

// The reason of a planned case that no launch has reached.
inline constexpr std::string_view kNotReached = "not reached before the run ended";

// Computes what follows from the launches: Result::states; LaunchRecord::state, used, outlier; CaseRecord::status,
// reason, summary. It may be called again at any time, on partial runs too, since it recomputes everything that it
// fills. A case without launches keeps its status, except that `ok` becomes `skipped` with kNotReached.
void summarise(Result& result);

// Summarises `result`, read from `file`, anew. Throws ResultError, naming the figure, if the file states something
// about a case that doesn't follow from its launches.
void check_summary(Result& result, const std::string& file);

// Returns the status of a case with launches: ok if any is ok and none invalid; else the worst of invalid, crashed,
// timed out, skipped.
Status status_of(const std::vector<LaunchRecord>& launches);
// Returns whether a case has no launch yet and nothing forbids one.
bool is_waiting(const CaseRecord& c);

// Returns the commonest class of the used launches; of equally common ones the worse; "" if none has a class.
std::string commonest_class(const CaseRecord& c);

// Merges the times of single messages of all used launches. Quantiles of it are pooled and have no interval. It is
// empty if they are reduced.
SparseHistogram pooled_histogram(const CaseRecord& c);
// Returns whether a case's times are quantiles alone, as in the summary form.
bool has_reduced_times(const CaseRecord& c);

// A p50 under this many times the clock's overhead is too coarse to compare by.
inline constexpr double kLeastClockMultiple = 10;
// Returns the round trip that represents a ping-pong case: p50, or the unstamped mean if the clock is too coarse.
const Figure& headline_rtt(const CaseSummary& summary) noexcept;

bool carries_payload(const CaseRecord& c) noexcept;  // false: notifications only
bool has_cast(const CaseRecord& c);                  // its launches have any number of seats, not a pair

}  // namespace ipcbench
