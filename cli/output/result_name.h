#pragma once

#include <string>

namespace ipcbench {

// Derives a result's name, "quick", from its file's, "results/quick.ipcbench.json.zst". Pages, folders of exports and
// summaries are named by it.
std::string name_of_result(const std::string& file);

}  // namespace ipcbench
