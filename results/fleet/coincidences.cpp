#include "results/fleet/coincidences.h"

#include <algorithm>
#include <map>
#include <optional>

namespace ipcbench {
namespace {

constexpr const char* kAbsentValue = "absent";

// Counts the hosts with each value of each key.
using Counts = std::map<std::string, std::map<std::string, std::size_t>>;

Counts counts_of(std::span<const ProvenanceList* const> hosts) {
  Counts counts;
  for (const ProvenanceList* host : hosts) {
    for (const auto& [key, value] : *host) ++counts[key][value];
  }
  return counts;
}

// Adds what hosts that lack a key have instead of a value.
void add_absent(Counts& counts, const std::string& key, std::size_t hosts) {
  std::map<std::string, std::size_t>& values = counts[key];
  std::size_t there = 0;
  for (const auto& [value, n] : values) there += n;
  if (there < hosts) values[kAbsentValue] += hosts - there;
}

std::size_t count_in(const std::map<std::string, std::size_t>& values, const std::string& value) {
  const auto found = values.find(value);
  return found == values.end() ? 0 : found->second;
}

// Returns the value that at least half of the hosts have.
std::optional<std::string> usual_of(const std::map<std::string, std::size_t>& values, std::size_t hosts) {
  for (const auto& [value, n] : values) {
    if (2 * n >= hosts) return value;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Coincidence> coincidences(std::span<const ProvenanceList* const> slow,
                                      std::span<const ProvenanceList* const> others) {
  std::vector<Coincidence> found;
  if (slow.empty() || others.empty()) return found;
  Counts of_slow = counts_of(slow), of_others = counts_of(others);
  for (const auto& [key, values] : of_others) of_slow[key];
  for (auto& [key, values] : of_slow) {
    add_absent(of_slow, key, slow.size());
    add_absent(of_others, key, others.size());
    const std::map<std::string, std::size_t>& elsewhere = of_others[key];
    const std::optional<std::string> usual = usual_of(elsewhere, others.size());
    for (const auto& [value, n] : values) {
      const std::size_t there = count_in(elsewhere, value);
      if (!usual || *usual == value || 2 * n < slow.size() || 2 * there >= others.size()) continue;
      found.push_back({key, value, n, there, *usual});
    }
  }
  const auto clearness = [&](const Coincidence& c) {
    return static_cast<double>(c.slow) / static_cast<double>(slow.size()) -
           static_cast<double>(c.others) / static_cast<double>(others.size());
  };
  std::ranges::stable_sort(found,
                           [&](const Coincidence& a, const Coincidence& b) { return clearness(a) > clearness(b); });
  return found;
}

}  // namespace ipcbench
