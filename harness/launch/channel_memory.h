#pragma once

#include "harness/launch/launch_request.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {

struct ChannelOutcome {
  ChannelRecord record;
  bool interrupted = false;  // a second stop signal: the record says nothing
};

// What a channel of the request's transport, options and message size takes in memory: the slope over many channels
// that a pair of processes has open at once, idle, and filled by the producer. All of it happens in a process tree of
// its own, in a control group where one can be made. What can't be measured is absent from the record with its reason.
// Throws std::system_error only where this host can't fork or map memory.
// `by_group` false: as where no control group can be made.
ChannelOutcome measure_channel(const LaunchRequest& request, RunDir& run_dir, bool by_group = true);

}  // namespace ipcbench
