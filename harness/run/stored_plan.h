#pragma once

#include <map>
#include <string>

#include "harness/host/topology.h"
#include "harness/plan/plan.h"
#include "results/compare/pairs.h"
#include "results/model/record.h"

// Plans rebuilt from stored results. Others may have written those: every number that becomes a length, a count or a
// time is checked here, before anything is measured.

namespace ipcbench {

// Throws UsageError where `stored` doesn't say how long a block is: an early build measured it.
void refuse_without_block(const Result& stored, const std::string& file);

// Returns the plan of a run that was stopped: all of its cases, with the lengths that their pilots set. `file` names
// the result in errors. Throws UsageError where it holds no plan that can be finished.
Plan plan_to_finish(const Result& stored, const std::string& file);

// Returns the cases of a job of pairs that was stopped. `file` names the pairs in errors. Throws UsageError where it
// holds no job that can go on, NotComparable where its CPUs may not be used.
Plan plan_to_go_on(const PairHeader& stored, const std::string& file, const Topology& topology);

// Returns the cases that `baseline` has measured, with its lengths, as far as they can be measured here. `lacks` gets
// the others by their ids, with the reason. Throws NotComparable where none is left, ResultError where the payload is
// unknown.
Plan plan_to_repeat(const Result& baseline, const std::string& file, const Topology& topology,
                    std::map<std::string, std::string>& lacks);

}  // namespace ipcbench
