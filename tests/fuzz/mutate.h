#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ipcbench {

// Changes one value in a JSON text, or in one line of JSON Lines. It becomes a number at its type's limits, null, or a
// copy of another value; or it is removed or repeated. Readers are strict, so that changes of bytes rarely get past
// them. Returns "" for text that is no JSON.
std::string mutated_json(std::string_view text, std::uint64_t seed);

}  // namespace ipcbench
