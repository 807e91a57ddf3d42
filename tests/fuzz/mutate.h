#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ipcbench {

// Changes one value somewhere in a JSON text, or in one line of JSON Lines: to a number at the edge of its type, to
// nothing, to a value of another place; or takes it out, or repeats it. Readers are strict, so that a change of bytes
// hardly ever gets past them. Returns "" for text that is no JSON.
std::string mutated_json(std::string_view text, std::uint64_t seed);

}  // namespace ipcbench
