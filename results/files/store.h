#pragma once

#include <string>

#include "results/model/record.h"

namespace ipcbench {

// Replaces a result file atomically. Throws std::system_error naming the path.
void save_result(const Result& result, const std::string& path);

// Loads a result file, summarised anew (check_summary()), or the journal of a killed run. A journal yields complete =
// false and a note that says what is missing. Throws std::system_error or ResultError, both naming the path.
Result load_result(const std::string& path);

}  // namespace ipcbench
