#pragma once

// A process is born with everything that survives fork(2) and execve(2). docs/inherited.md has the whole table.

namespace ipcbench {

// Resets inherited state that would change the program's behaviour: signal dispositions and mask, the owner's bits of
// the umask, and descriptors that its child programs would get. Call it first in main(). It never fails: what can't be
// reset stays.
void reset_inherited() noexcept;

// Tells whether reset_inherited() has left `signal` ignored for the program and what it forks: it was started by nohup
// or in the background.
bool stays_ignored(int signal) noexcept;

}  // namespace ipcbench
