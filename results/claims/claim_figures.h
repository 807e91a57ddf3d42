#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/model/record.h"

// Gives the numbers of a result that claims can be about, by name.

namespace ipcbench {

struct MeasuredNumber {
  double value = 0;
  std::optional<Interval> interval;  // none: too few launches
};

// Returns the names: those of the catalogue, and "round_trip_ns", "message_ns", "syscalls_per_op" and the floors.
std::vector<std::string> claim_figure_names();

// Returns a number of a case; nothing if it wasn't measured, or is negative. `together` are the cases that it is put
// beside: a round trip is the mean if the clock is too coarse for the p50 of any of them. A count of system calls is
// exact, and has no interval if it depends on timing. A floor has the range of the floors that were read in its run:
// all of them for what one CPU does, those of the case's placement for what two do.
std::optional<MeasuredNumber> claim_figure(const Result& result, const CaseRecord& c, std::string_view name,
                                           std::span<const CaseRecord* const> together);

}  // namespace ipcbench
