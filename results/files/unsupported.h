#pragma once

#include "results/model/record.h"

// Drops labels and figures that the data of files from earlier versions don't support, so that they are shown as
// absent.

namespace ipcbench {

template <class Record>
void drop_unsupported(Record& /*record*/) {}

void drop_unsupported(SideUsage& side);
void drop_unsupported(LaunchRecord& launch);
void drop_unsupported(CaseRecord& c);

}  // namespace ipcbench
