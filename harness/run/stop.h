#pragma once

namespace ipcbench {

// SIGINT and SIGTERM, once installed, ask the program to stop: the first after the launch in hand, a second at once.
void install_stop_signals();
bool stop_requested() noexcept;  // at least one has come
bool stop_now() noexcept;        // a second one has
// Readable for ever after the second, so that a sleep in poll() can't miss it; -1 before install_stop_signals().
int stop_now_fd() noexcept;

}  // namespace ipcbench
