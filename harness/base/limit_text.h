#pragma once

#include <string>

namespace ipcbench {

// Returns the resource limit behind an error number with its value here, to be appended to a message. It is "" for an
// error number that has no single limit behind it. Example:
// " (RLIMIT_NOFILE, ulimit -n, is 1024)"
std::string limit_behind(int error_number);

// Returns the limit behind a refused fork or thread. limit_behind() can't: their EAGAIN has other meanings elsewhere.
std::string process_limit();

}  // namespace ipcbench
