#pragma once

#include <string>

#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// Answers a coordinator's questions about the library at `path` on a SOCK_SEQPACKET socket until that closes; called in
// the host's process, which it changes for good. Returns its exit code.
int answer_coordinator(const std::string& path, RunDir* run_dir, int socket);

}  // namespace ipcbench
