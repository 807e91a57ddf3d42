#pragma once

#include <string>
#include <vector>

#include "results/claims/claim.h"

namespace ipcbench {

// Reads schema "ipcbench-claim", version 1, strictly. An unknown key, a wrong type or a bad value throws UsageError
// with file, line, key and suggestion. Names of transports are checked if any are given.
Claim parse_claim(const std::string& text, const std::string& file, const std::vector<std::string>& transports = {});
// Reads a user's file. Throws UsageError that names it.
Claim load_claim(const std::string& path, const std::vector<std::string>& transports);

}  // namespace ipcbench
