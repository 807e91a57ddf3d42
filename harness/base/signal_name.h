#pragma once

#include <string>

namespace ipcbench {

// Returns a signal's name as signal(7) has it: "SIGKILL", "SIGRTMIN+1"; "signal 99" for a number that isn't one.
// sigabbrev_np(3) isn't used: glibc has it only since 2.32, and other C libraries lack it.
std::string signal_name(int signal);

}  // namespace ipcbench
