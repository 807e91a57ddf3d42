#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "harness/plan/planned_case.h"
#include "results/model/record.h"

// Sets the lengths of open loops, whose blocks last as long as their schedules do.

namespace ipcbench {

// The shortest block of an open loop that has a rate, unless its messages would be too many to stamp.
inline constexpr std::chrono::nanoseconds kShortestSchedule = std::chrono::milliseconds(250);

// Returns the messages a second that the case sends, by its saturation as the pilot saw it (`op_ns`) where its rate is
// a share of one that hasn't been measured yet; 0 if all are due at once, or after silences.
double rate_of(const PlannedCase& planned, double op_ns);

// Returns the messages of a block that lasts `block`, or as long as rule 26 wants it to. After silences it has 20 round
// trips, after those of a second and more 5. Bursts are whole ones, as many of each producer.
std::uint64_t scheduled_ops(const PlannedCase& planned, double op_ns, std::chrono::nanoseconds block);

// Returns the time of a launch's `ops` scheduled messages in ns, the part without messages included.
double scheduled_ns(const PlannedCase& planned, std::uint64_t ops, double op_ns);

// Rule 26: returns the rate in whole messages a second of `percent` of the lower end of `saturation`, or of its lowest
// launch if it has no interval.
std::uint64_t share_of(const Figure& saturation, double lowest, std::uint64_t percent);
// Says why a rate can't be measured: it is too near to the saturation, or its block would be too long or have too many
// messages; "" if it can. A rate that the saturation is surely below is an overload on purpose.
std::string load_refusal(const Figure& saturation, double lowest, double rate_per_s);
// Says why a rate isn't measured beside shares of the saturation: it is over `percent` of the lower end; "" if it is.
std::string most_load_refusal(const Figure& saturation, double lowest, double rate_per_s, std::uint64_t percent);

}  // namespace ipcbench
