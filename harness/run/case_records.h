#pragma once

#include <chrono>
#include <string>

#include "harness/plan/plan.h"
#include "results/model/record.h"

// A planned case as a result stores it, and back.

namespace ipcbench {

// Before anything is measured: skipped with its reason, or ok.
CaseRecord case_record(const PlannedCase& planned, PayloadMode payload);

// The inverse, with the lengths that the pilot launch gave it. `file` names the result in errors. Throws ResultError
// for what no plan of this build holds.
PlannedCase planned_case(const CaseRecord& record, std::chrono::nanoseconds block, const std::string& file);

}  // namespace ipcbench
