#pragma once

#include <string>

namespace ipcbench {

// The name of a signal as signal(7) has it: "SIGKILL", "SIGRTMIN+1"; "signal 99" for a number that isn't one. Not by
// sigabbrev_np(3), which glibc has only since 2.32 and other C libraries don't have.
std::string signal_name(int signal);

}  // namespace ipcbench
