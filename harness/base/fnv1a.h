#pragma once

#include <cstdint>
#include <string_view>

// The hash FNV-1a (draft-eastlake-fnv). It is the same in every build and on every machine, so that it may stand in
// files and their names; whoever chooses a text can find another with the same hash.

namespace ipcbench {

// `hash` is that of the text before, where a text comes in parts.
constexpr std::uint32_t fnv1a_32(std::string_view text, std::uint32_t hash = 0x811c9dc5) noexcept {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
  return hash;
}

constexpr std::uint64_t fnv1a_64(std::string_view text, std::uint64_t hash = 0xcbf29ce484222325) noexcept {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace ipcbench
