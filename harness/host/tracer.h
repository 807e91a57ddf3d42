#pragma once

#include <optional>
#include <string>

#include "harness/host/host_files.h"

namespace ipcbench {

// Returns the name of the process that traces this one by ptrace(2), "" for none. nullopt: the kernel doesn't tell.
std::optional<std::string> tracer_of(const HostFiles& files);

// Says who traces this process: "strace traces it: each system call stops twice". Returns "" if nobody does. strace and
// gdb let a forked process inherit its tracer where they are told to.
std::string why_traced();

}  // namespace ipcbench
