#pragma once

#include <string>

#include "results/model/record.h"

namespace ipcbench {

// Parses a promise: "p99<50us", "service p50<5us", "max<2ms". It is about the response unless it says otherwise. Throws
// UsageError with the nearest quantile or the form that is wanted.
PromiseRecord parse_promise(const std::string& text);
// Parses --cpu: "20%" of one CPU or "0.2", more than 0 and at most 200 %, both sides' CPUs. Returns the ratio.
double parse_cpu_share(const std::string& text);

}  // namespace ipcbench
