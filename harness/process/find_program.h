#pragma once

#include <string>
#include <string_view>

namespace ipcbench {

// The absolute path of a program in the folders of PATH (without it: /usr/bin and /bin), "" if there is none. Folders
// that aren't absolute are passed over: what is found is run in other working directories.
std::string find_program(std::string_view name);

}  // namespace ipcbench
