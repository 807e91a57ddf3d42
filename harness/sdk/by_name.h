#pragma once

#include <string_view>

namespace ipcbench {

// Tells whether suites have this transport only where they name it. A group that names none has all the others, so that
// a new mechanism changes no suite but its own. BY_NAME of ipcbench_add_transport() is the mark.
bool is_by_name(std::string_view transport);

}  // namespace ipcbench
