#pragma once

#include <string>
#include <vector>

#include "results/claims/claim.h"

namespace ipcbench {

// Holds the names that a claim may use. Where there are none, any is taken.
struct ClaimNames {
  std::vector<std::string> transports = {};
  std::vector<std::string> options = {};
  std::vector<std::string> facts = {};  // that experiments find
};

// Reads schema "ipcbench-claim", version 1, strictly. An unknown key, a wrong type or a bad value throws UsageError
// with file, line, key and suggestion.
Claim parse_claim(const std::string& text, const std::string& file, const ClaimNames& names = {});
// Reads a user's file. Throws UsageError that names it.
Claim load_claim(const std::string& path, const ClaimNames& names);

}  // namespace ipcbench
