#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ipcbench {

// Tells that hosts which stand out have something in common that few others have. It is no cause.
struct Coincidence {
  std::string key, value;            // "machine.details.governor", "powersave"
  std::size_t slow = 0, others = 0;  // so many hosts have it
  std::string usual;                 // what most of the others have instead
};

using ProvenanceList = std::vector<std::pair<std::string, std::string>>;

// Returns the values that at least half of the slow hosts have and less than half of the others, most of which agree on
// another value. The clearest come first.
std::vector<Coincidence> coincidences(std::span<const ProvenanceList* const> slow,
                                      std::span<const ProvenanceList* const> others);

}  // namespace ipcbench
