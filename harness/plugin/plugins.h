#pragma once

#include <string>
#include <vector>

namespace ipcbench {

// Adds the transports of plug-ins to registered_transports(): those of `paths`, and then those of the environment. Each
// library is asked for what it has by a host of its own. Throws UsageError that names the library and what is wrong:
// who may change it, what it lacks, a name that another transport has, how its host died.
void add_plugins(const std::vector<std::string>& paths);

// Adds the transports of foreign workers: those whose consumers they can be. Each command is started once, to describe
// itself. Throws UsageError that names the command and what is wrong with it.
void add_foreign_workers(const std::vector<std::string>& commands);

// Adds the transports of one library to those of an executed worker, which loads it itself. Its coordinator has checked
// it. Throws std::runtime_error.
void add_plugin_of_worker(const std::string& path);

}  // namespace ipcbench
