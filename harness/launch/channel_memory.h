#pragma once

#include "harness/launch/launch_request.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {

struct ChannelOutcome {
  ChannelRecord record;
  bool interrupted = false;  // by a second stop signal: the record says nothing
};

// Measures the memory of a channel with the request's transport, options and message size. It is the slope over many
// channels that a pair of processes has open, idle and then filled by the producer. A process tree of its own does it,
// in a control group if possible (`by_group` false: never). What can't be measured is absent from the record with its
// reason. Throws std::system_error only if this host can't fork or map memory.
ChannelOutcome measure_channel(const LaunchRequest& request, RunDir& run_dir, bool by_group = true);

}  // namespace ipcbench
