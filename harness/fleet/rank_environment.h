#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipcbench {

// Returns the value of an environment variable, or nullptr if it isn't set.
using Environment = std::function<const char*(const char* name)>;

// Rank says which process of a job this is, as its launcher told it.
struct Rank {
  std::uint32_t number = 0;
  std::optional<std::uint32_t> size = {};   // ranks of the job; none: the launcher doesn't tell
  std::optional<std::uint32_t> local = {};  // number among the ranks of this host; none: the launcher doesn't tell
  std::string job = {};                     // names the job, fit for a file name; "": the launcher doesn't tell
};

// Returns the launchers whose variables are known: "openmpi", "pmix", "pmi", "slurm", "flux", "kubernetes".
std::vector<std::string> launcher_names();

// Reads the variables of all launchers, or only of the one called `launcher`, unless it is "". Throws UsageError,
// naming the variables, if none is set, if one holds no number, or if two launchers disagree.
Rank rank_from(const Environment& environment, std::string_view launcher = "");

// Returns `text` with '_' in place of whatever is unsafe in a file name, and in place of a leading '.' or '-'; at most
// 100 characters.
std::string file_name_part(std::string_view text);

}  // namespace ipcbench
