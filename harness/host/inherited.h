#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/host/host_info.h"

// Handles what a process inherits across fork(2) and execve(2). docs/inherited.md has the whole table.

namespace ipcbench {

// Resets inherited state that would change the program's behaviour: signal dispositions and mask, the owner's bits of
// the umask, and descriptors that its child programs would get. Call it first in main(). It never fails: what can't be
// reset stays.
void reset_inherited() noexcept;

// Returns whether reset_inherited() left `signal` ignored, for this program and its children, because it was started by
// nohup or in the background.
bool stays_ignored(int signal) noexcept;

// Says which process traces this one by ptrace(2): "strace traces it: each system call stops twice". Returns "" if none
// does. strace and gdb can be told to trace forked processes as well.
std::string why_traced();

// Returns the inherited state that changes measurements, from the findings of check_host(): "nice 10; tracer strace",
// or "usual". Figures are comparable only if these texts are equal.
std::string inherited_conditions(const std::vector<HostCheck>& checks);

// Returns the ids of the checks that such a text consists of, in order.
std::span<const std::string_view> inherited_condition_ids() noexcept;

}  // namespace ipcbench
