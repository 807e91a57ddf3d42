#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "results/figures/load_curves.h"
#include "results/model/record.h"

// Looks for the highest rate at which a channel keeps a promise: docs/method.md, "The highest rate".

namespace ipcbench {

// Returns the figures that a promise can be about: response_p50_ns … service_max_ns.
std::vector<std::string> promise_figures();
// Returns the messages that a launch must have for the promise's figure to be told: rule 15.
double messages_for(const PromiseRecord& promise);
// Describes a promise: "response p99 below 50 µs, CPU time below 20 % of one CPU".
std::string promise_text(const PromiseRecord& promise);

enum class Kept : std::uint8_t {
  yes,        // the whole interval keeps it
  no,         // the whole interval breaks it, or the rate isn't sustained
  undecided,  // the interval reaches over the limit, or there is no figure
};
// Decides whether a figure keeps below a limit, by its interval, or by its median if it has none.
Kept kept_below(const Figure& figure, double limit);
// Returns the CPU time of both sides at a rate, as a ratio of one CPU.
Figure cpu_ratio_at(const CaseSummary& summary, double rate_per_s);
Kept kept(const LoadPoint& point, const PromiseRecord& promise);

// Returns the rates that are tried, ascending: 48 a decade, 4.9 % apart, of three digits, the same in every run. They
// reach up to 95 % of `saturation_low`, and down to what a block of 1 s has enough messages for, or one of 10 s where
// the channel is slow.
std::vector<double> rates_to_try(double saturation_low, double messages);

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
  bool is_undecided = false;                   // no rate surely keeps it, and one may
};
// Points into `curve`.
RateAnswer rate_answer(const LoadCurve& curve, const PromiseRecord& promise);

// Returns a curve for each channel whose saturation was measured, in the result's order; it may have no points.
std::vector<LoadCurve> searched_curves(const Result& result);

}  // namespace ipcbench
