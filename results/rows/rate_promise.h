#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/figures/load_curves.h"
#include "results/model/record.h"

// Looks for the highest rate at which a channel keeps a promise: docs/method.md, "The highest rate".

namespace ipcbench {

// PromisedQuantile is a quantile that a promise can be about.
struct PromisedQuantile {
  std::string_view name;   // in a figure's key: "p999"
  std::string_view shown;  // to people, and by them: "p99.9"
  double q;                // 1: the maximum
};
std::span<const PromisedQuantile> promised_quantiles();
// Returns the messages that a launch must have for the promise's figure to be told: rule 15.
double messages_for(const PromiseRecord& promise);
// Returns whether the sender is to wait for its schedule by reading the clock.
bool has_spinning_pacer(const PromiseRecord& promise);
// Describes a promise: "response p99 below 50 µs, CPU time below 20 % of one CPU".
std::string promise_text(const PromiseRecord& promise);

enum class Kept : std::uint8_t {
  yes,        // the whole interval keeps it
  no,         // the whole interval breaks it
  undecided,  // the interval reaches over the limit, or there is none
};
// Decides whether a figure keeps below a limit, by its interval; without one it is undecided.
Kept kept_below(const Figure& figure, double limit);
// Returns the CPU time of both sides at a rate, as a ratio of one CPU.
Figure cpu_ratio_at(const CaseSummary& summary, double rate_per_s);
Kept kept(const LoadPoint& point, const PromiseRecord& promise);
// Says why kept() is undecided: "an interval reaches over the limit", or what is missing.
std::string why_undecided(const LoadPoint& point, const PromiseRecord& promise);
// Returns in how many used launches the rate wasn't sustained. In kept() such a launch breaks every limit.
std::size_t overloaded_launches(const CaseRecord& c);

// Returns the rates that are tried, ascending: whole numbers of up to three digits that count, 48 a decade, 4.9 % apart
// from 100 on, the same in every run. They reach up to 95 % of the saturation's lower end, or as near as rule 26
// permits, and down to what a block of 1 s has enough `messages` for, or one of 10 s where the channel is slow. There
// may be none.
std::vector<double> rates_to_try(const Figure& saturation, double messages);

// Returns the rate to be measured next, 0 if the search has ended. `curve` may have no points. The search goes down
// from the saturation, by 21 % and then by ever larger steps, until a rate keeps the promise, and then halves the
// distance to the next higher one. At last it tries half and a tenth of that rate, and the lowest: idling may cost
// more.
double next_rate(const LoadCurve& curve, const PromiseRecord& promise);

// RateAnswer is what the search has found for a channel.
struct RateAnswer {
  const LoadPoint* highest = nullptr;          // the highest rate that keeps the promise; null: none surely does
  const LoadPoint* next = nullptr;             // the next higher one that was measured; null: there is none
  std::vector<const LoadPoint*> lower_broken;  // lower rates that surely break it, ascending
  const LoadPoint* undecided = nullptr;        // no rate surely keeps it, and this one may: the highest such
};
// Points into `curve`.
RateAnswer rate_answer(const LoadCurve& curve, const PromiseRecord& promise);

// Returns a curve for each channel whose saturation was measured, in the result's order; it may have no points.
std::vector<LoadCurve> searched_curves(const Result& result);

}  // namespace ipcbench
