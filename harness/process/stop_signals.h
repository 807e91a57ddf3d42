#pragma once

namespace ipcbench {

// Makes SIGINT, SIGTERM, SIGHUP and SIGXCPU ask the program to stop: the first after the current launch, the second at
// once. SIGXCPU is only ever a first. SIGHUP and SIGINT stay ignored if they were when the program started: it runs by
// nohup, or in the background.
void install_stop_signals();
bool stop_requested() noexcept;  // at least one has come
bool stop_now() noexcept;        // a second one has
// Returns a descriptor that stays readable after the second signal, so that a sleep in poll() can't miss it; -1 before
// install_stop_signals().
int stop_now_fd() noexcept;

}  // namespace ipcbench
