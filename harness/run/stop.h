#pragma once

namespace ipcbench {

// SIGINT and SIGTERM, once installed, ask the program to stop: the first after the launch in hand, a second at once.
void install_stop_signals();
bool stop_requested() noexcept;  // at least one has come
bool stop_now() noexcept;        // a second one has

}  // namespace ipcbench
