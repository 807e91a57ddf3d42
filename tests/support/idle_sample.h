#pragma once

#include "results/model/record.h"

namespace ipcbench {

// Returns a summarised result of a pipe and a semaphore after 100 us, 10 ms and 1 s of silence, six launches each. A
// round trip of the pipe takes 10, 30 and 50 us, the semaphore's half as long. Launches of the longest have five.
Result idle_result();

}  // namespace ipcbench
