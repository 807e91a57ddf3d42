#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ipcbench {

// PluginFile is a library that may be loaded: nobody but this user and root can change it.
struct PluginFile {
  std::string path;    // absolute, without links
  std::string sha256;  // of its bytes, in hexadecimal digits
};

// Looks at a library that a user has named. Throws UsageError, with what to do, for a file that isn't there, that
// others own, or that others may write or replace.
PluginFile plugin_file(const std::string& path);
// Likewise for a program or script, which `flag` has named and which is there. Both look at each folder and each link
// that the path leads over: a program may be executed by its path as given.
PluginFile trusted_file(const std::string& path, std::string_view flag);

// Returns the paths that $IPCBENCH_PLUGIN_PATH lists, separated by ':'; none in a program with privileges of its own.
std::vector<std::string> plugins_of_environment();

}  // namespace ipcbench
