#pragma once

#include <chrono>
#include <string>

#include "harness/plan/plan.h"
#include "results/model/record.h"

// Converts between a planned case and its record in a result.

namespace ipcbench {

// Returns the record before any measurement: skipped with its reason, or ok.
CaseRecord case_record(const PlannedCase& planned, PayloadMode payload);

// Returns the planned case with the lengths that its pilot set. `file` names the result in errors. Throws ResultError
// for values that no plan of this build holds.
PlannedCase planned_case(const CaseRecord& record, std::chrono::nanoseconds block, const std::string& file);

}  // namespace ipcbench
