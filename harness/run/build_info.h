#pragma once

#include "results/model/record.h"

namespace ipcbench {

// Describes this build of ipcbench. The revision is "unknown" outside a git checkout and ends in "-dirty" if files were
// changed.
BuildInfo build_info();

}  // namespace ipcbench
