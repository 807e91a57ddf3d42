#pragma once

#include <string>

#include "results/model/record.h"

namespace ipcbench {

// Writes the page of a result stored as `file` beside it, as `ipcbench report` does, and returns its path. Throws
// std::system_error naming it.
std::string write_report(const Result& result, const std::string& file);

}  // namespace ipcbench
