#pragma once

// A process is born with everything that survives fork(2) and execve(2). docs/inherited.md has the whole table.

namespace ipcbench {

// Resets what would otherwise change what the program does: signal dispositions and mask, the owner's bits of the
// umask, descriptors that a program it starts would get. Call it first in main(). It never fails: what the system
// refuses to reset stays.
void reset_inherited() noexcept;

// Tells whether reset_inherited() has left `signal` ignored for the program and what it forks: it was started by nohup
// or in the background.
bool stays_ignored(int signal) noexcept;

}  // namespace ipcbench
