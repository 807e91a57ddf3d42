#pragma once

#include <string>

#include "results/model/record.h"

namespace ipcbench {

// Writes a result so that either the old file or the new one is there. Throws std::system_error naming the path.
void save_result(const Result& result, const std::string& path);

// A result file, summarised anew (check_summary()), or the journal of a run that was killed (then complete is false and
// a note says what is missing). Throws std::system_error or ResultError, both naming the path.
Result load_result(const std::string& path);

}  // namespace ipcbench
