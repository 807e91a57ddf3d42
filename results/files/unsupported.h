#pragma once

#include "results/model/record.h"

// Files of earlier versions hold labels and figures that their own data don't support. These drop them, so that they
// are shown as what they are: absent.

namespace ipcbench {

template <class Record>
void drop_unsupported(Record& /*record*/) {}

void drop_unsupported(SideUsage& side);
void drop_unsupported(LaunchRecord& launch);
void drop_unsupported(CaseRecord& c);

}  // namespace ipcbench
