#pragma once

#include <map>
#include <string>

#include "harness/host/topology.h"
#include "harness/plan/plan.h"
#include "results/compare/pairs.h"
#include "results/model/record.h"

// Rebuilds plans from stored results, which may be untrusted. Every number that becomes a length, a count or a time is
// checked before anything is measured.

namespace ipcbench {

// Throws UsageError if `stored` has no length of a block, as results of an early build.
void refuse_without_block(const Result& stored, const std::string& file);

// Returns the plan of a stopped run: all of its cases, with the lengths that their pilots set. `file` names the result
// in errors. Throws UsageError if it holds no plan that can be finished.
Plan plan_to_finish(const Result& stored, const std::string& file);

// Returns the cases of a stopped job of pairs. `file` names the pairs in errors. Throws UsageError if it holds no job
// that can resume, NotComparable if its CPUs may not be used.
Plan plan_to_go_on(const PairHeader& stored, const std::string& file, const Topology& topology);

// Returns the cases of `baseline` that can be measured here, with its lengths. `lacks` gets the others by id, with the
// reason. Throws NotComparable if none is left, ResultError if the payload is unknown.
Plan plan_to_repeat(const Result& baseline, const std::string& file, const Topology& topology,
                    std::map<std::string, std::string>& lacks);

}  // namespace ipcbench
