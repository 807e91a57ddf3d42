#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ipcbench {

// Lists the valid names of each part of a case in table order, for suggestions, help texts and "all".

std::vector<std::string> scenario_names();
std::vector<std::string> transport_names();  // built or not, without hidden ones
// Returns what a message says behind an unknown transport's name: the nearest one, and how a plug-in's is had.
std::string transport_suggestion(std::string_view given);
std::vector<std::string> wait_names();
std::vector<std::string> placement_names();
std::vector<std::string> workers_names();

}  // namespace ipcbench
