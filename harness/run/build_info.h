#pragma once

#include "results/model/record.h"

namespace ipcbench {

// This build of ipcbench, as its results name it. The revision is "unknown" outside a git checkout and ends in "-dirty"
// where files differ from it.
ToolRecord tool_record();

}  // namespace ipcbench
