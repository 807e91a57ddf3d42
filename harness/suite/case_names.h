#pragma once

#include <string>
#include <vector>

namespace ipcbench {

// Lists the valid names of each part of a case in table order, for suggestions, help texts and "all".

std::vector<std::string> scenario_names();
std::vector<std::string> transport_names();  // built or not, without hidden ones
std::vector<std::string> wait_names();
std::vector<std::string> placement_names();
std::vector<std::string> workers_names();

}  // namespace ipcbench
