#include "harness/host/cpu_pair_choice.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace ipcbench {
namespace {

std::vector<CpuPairClass> classes_of(const Topology& topology) {
  std::array<CpuPairClass, kPlacements.size()> by_placement;
  const std::vector<int>& cpus = topology.cpus();
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    for (std::size_t j = i + 1; j < cpus.size(); ++j) {
      const CpuPair pair{cpus[i], cpus[j]};
      const Placement placement = topology.classify(pair);
      CpuPairClass& members = by_placement[static_cast<std::size_t>(placement)];
      members.placement = placement;
      members.all.push_back(pair);
    }
  }
  std::vector<CpuPairClass> classes;
  for (CpuPairClass& members : by_placement) {
    if (!members.all.empty()) classes.push_back(std::move(members));
  }
  return classes;
}

// Returns the number of pairs of each class that fit into `room`. The smallest class takes its share first.
std::vector<std::size_t> shares_of(const std::vector<CpuPairClass>& classes, std::size_t room) {
  std::vector<std::size_t> order(classes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return classes[a].all.size() < classes[b].all.size(); });
  std::vector<std::size_t> shares(classes.size());
  for (std::size_t n = 0; n < order.size(); ++n) {
    const std::size_t part = std::max<std::size_t>(1, room / (order.size() - n));
    shares[order[n]] = std::min(part, classes[order[n]].all.size());
    room -= std::min(room, shares[order[n]]);
  }
  return shares;
}

bool precedes(const CpuPair& a, const CpuPair& b) noexcept {
  return std::pair(a.producer, a.consumer) < std::pair(b.producer, b.consumer);
}

std::vector<CpuPair> evenly_spaced(const std::vector<CpuPair>& all, std::size_t count, CpuPair representative) {
  if (count >= all.size()) return all;
  std::vector<CpuPair> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(all[i * all.size() / count]);
  if (std::find(chosen.begin(), chosen.end(), representative) == chosen.end()) {
    chosen.front() = representative;
    std::sort(chosen.begin(), chosen.end(), precedes);
  }
  return chosen;
}

}  // namespace

std::size_t CpuPairChoice::pairs() const noexcept {
  std::size_t count = 0;
  for (const CpuPairClass& members : classes) count += members.all.size();
  return count;
}

std::size_t CpuPairChoice::chosen() const noexcept {
  std::size_t count = 0;
  for (const CpuPairClass& members : classes) count += members.chosen.size();
  return count;
}

CpuPairChoice choose_cpu_pairs(const Topology& topology, std::chrono::nanoseconds total, std::chrono::nanoseconds least,
                               std::chrono::nanoseconds most) {
  CpuPairChoice choice{.classes = classes_of(topology), .each = most};
  if (choice.classes.empty()) return choice;
  const auto room = static_cast<std::size_t>(std::max<std::chrono::nanoseconds::rep>(1, total / least));
  const std::vector<std::size_t> shares = shares_of(choice.classes, room);
  for (std::size_t n = 0; n < choice.classes.size(); ++n) {
    CpuPairClass& members = choice.classes[n];
    members.chosen =
        evenly_spaced(members.all, shares[n], topology.pair(members.placement).value_or(members.all.front()));
  }
  const auto count = static_cast<std::chrono::nanoseconds::rep>(choice.chosen());
  choice.each = std::clamp(total / count, least, most);
  return choice;
}

std::vector<CpuPair> in_turn(const CpuPairChoice& choice) {
  std::vector<CpuPair> pairs;
  const std::size_t count = choice.chosen();
  for (std::size_t n = 0; pairs.size() < count; ++n) {
    for (const CpuPairClass& members : choice.classes) {
      if (n < members.chosen.size()) pairs.push_back(members.chosen[n]);
    }
  }
  return pairs;
}

}  // namespace ipcbench
