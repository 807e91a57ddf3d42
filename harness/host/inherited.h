#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/host/host_info.h"

// What a process is born with: everything that survives fork(2) and execve(2). docs/inherited.md has the whole table.

namespace ipcbench {

// Resets what would otherwise change what the program does: signal dispositions and mask, the owner's bits of the
// umask, descriptors that a program it starts would get. Call it first in main(). It never fails: what the system
// refuses to reset stays.
void reset_inherited() noexcept;

// Whether reset_inherited() has left `signal` ignored for the program and what it forks: it was started by nohup or in
// the background.
bool stays_ignored(int signal) noexcept;

// Says who traces this process by ptrace(2): "strace traces it: each system call stops twice". Returns "" if nobody
// does. strace and gdb let a forked process inherit its tracer where they are told to.
std::string why_traced();

// Returns what this process has inherited that changes what it measures, from the findings of check_host(): "nice 10;
// tracer strace", "usual" if there is nothing of the kind. Figures are comparable only if these texts are equal.
std::string inherited_conditions(const std::vector<HostCheck>& checks);

// The checks' ids that such a text is made of, in its order.
std::span<const std::string_view> inherited_condition_ids() noexcept;

}  // namespace ipcbench
