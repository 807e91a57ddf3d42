#pragma once

#include <string>

namespace ipcbench {

// For messages: the limit that an error speaks of, as it is here: " (RLIMIT_NOFILE, ulimit -n, is 1024)". "" for an
// error number that means no one limit.
std::string limit_behind(int error_number);

// The same for what a fork or a new thread was refused for: their EAGAIN has other meanings elsewhere.
std::string process_limit();

}  // namespace ipcbench
