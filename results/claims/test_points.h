#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "results/claims/claim.h"
#include "results/model/bilingual.h"
#include "results/model/record.h"

// Makes the values of a claim's test from the cases of a result.

namespace ipcbench {

struct TestPoint {
  const CaseRecord* first = nullptr;   // points into the result
  const CaseRecord* second = nullptr;  // the divisor's; null: there is none
  std::size_t cases = 1;               // that were gathered into the value
  double value = 0;
  std::optional<Interval> interval;  // the value lies in there if each figure does in its own; none: too few launches
  std::string without = {};          // what the test lists and was not measured: "64 KiB"; of gathered values only
  int outcome = 0;                   // 1: the whole interval is as claimed, -1: none of it, 0: undecided
};

struct TestPoints {
  std::vector<TestPoint> all;
  std::size_t limited = 0;      // values left out because a limit of the host changed a case
  BilingualString limits = {};  // those limits
  BilingualString not_alike =
      {};  // why cases that the test selects may not be compared; "": they may, or there are none
};

// Cases are compared if they are alike but for the axes in which the test sets them apart: comparability.h decides.
TestPoints points_of(const ClaimTest& test, const Result& result);

}  // namespace ipcbench
