#pragma once

#include <string>
#include <string_view>

namespace ipcbench {

// Returns the absolute path of a program in the folders of PATH (without PATH: /usr/bin and /bin); "" if there is none.
// Relative folders are skipped, because what is found is run in other working directories.
std::string find_program(std::string_view name);

}  // namespace ipcbench
