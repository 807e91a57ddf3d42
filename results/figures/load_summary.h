#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "results/model/record.h"

// Judges the launches of open loops and says what their figures mean: docs/method.md, rules 24 to 26.

namespace ipcbench {

// Returns the value of an option of a case's scenario, the default if the case has none; "" for an unknown option.
std::string scenario_option(const CaseRecord& c, std::string_view name);

// Returns the transport with its own options, without those of the scenario: "ring capacity=262144".
std::string transport_label(const CaseRecord& c);
// Returns the transport so, the wait unless it blocks, and the size if it is wanted: "pipe spin 4096 B".
std::string channel_name(const CaseRecord& c, bool with_size);
// Returns the case's id without these options: what cases that differ by them alone have in common.
std::string id_without(const CaseRecord& c, std::initializer_list<std::string_view> left_out);

// Returns whether all messages of an open loop were due at once, so that it has measured its saturation.
bool measures_saturation(const CaseRecord& c);
// Returns whether messages followed silences, so that there was no schedule.
bool follows_silences(const CaseRecord& c);
// Returns whether the sender waited for its schedule by reading the clock.
bool has_spinning_pacer(const CaseRecord& c);

// Returns the figure by which open loops of one load are compared: the response, the service if a timer drives the
// sender, or the saturation.
const Figure& headline_load(const CaseRecord& c) noexcept;

// Rule 24: marks the launches whose spinning pacer was late itself.
void judge_steadiness(CaseRecord& c, const ClockRecord& clock, const std::vector<NoiseRecord>& noise);

// Finishes the summary of an open loop from its used launches: what is absent and why, what isn't ranked, what one-way
// times are off by.
void finish_load(CaseSummary& summary, const CaseRecord& c, const std::vector<const LaunchRecord*>& launches,
                 const ClockRecord& clock);

}  // namespace ipcbench
