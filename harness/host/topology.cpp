#include "harness/host/topology.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <stdexcept>
#include <system_error>
#include <tuple>
#include <utility>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <hwloc.h>

#include "harness/base/usage_error.h"
#include "harness/process/affinity.h"
#include "harness/process/scoped_affinity.h"

namespace ipcbench {
namespace {

// The hwloc objects that a CPU belongs to, as indices; -1 if the machine has none or doesn't tell.
struct Location {
  int core = -1;
  int l2 = -1;
  int l3 = -1;
  int numa = -1;
  int package = -1;
  int kind = 0;  // kind of core, slower ones first
};

bool shared(int a, int b) { return a >= 0 && a == b; }

Placement nearest_class(const Location& a, const Location& b) {
  if (shared(a.core, b.core)) return Placement::smt;
  if (shared(a.l2, b.l2)) return Placement::same_l2;
  if (shared(a.l3, b.l3)) return Placement::same_l3;
  // If no package is known (-1), all CPUs are in one. With memory interleaved over sockets, a NUMA node spans several
  // packages, and CPUs of different packages are still far apart.
  if (a.package != b.package) return Placement::cross_package;
  return a.numa == b.numa ? Placement::same_numa : Placement::same_package;
}

struct TopologyDeleter {
  void operator()(hwloc_topology* topology) const noexcept { hwloc_topology_destroy(topology); }
};
using Handle = std::unique_ptr<hwloc_topology, TopologyDeleter>;

struct BitmapDeleter {
  void operator()(hwloc_bitmap_s* bitmap) const noexcept { hwloc_bitmap_free(bitmap); }
};
using Bitmap = std::unique_ptr<hwloc_bitmap_s, BitmapDeleter>;

Handle make_handle() {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) throw std::runtime_error("hwloc_topology_init failed");
  Handle handle(raw);
  // Distances and memory attributes are left out, since they take most of the time on large machines. hwloc leaves out
  // I/O devices by default.
  hwloc_topology_set_flags(raw, HWLOC_TOPOLOGY_FLAG_NO_DISTANCES | HWLOC_TOPOLOGY_FLAG_NO_MEMATTRS);
  return handle;
}

int ancestor_index(hwloc_topology_t topology, hwloc_obj_t pu, hwloc_obj_type_t type) {
  const hwloc_obj_t ancestor = hwloc_get_ancestor_obj_by_type(topology, type, pu);
  return ancestor == nullptr ? -1 : static_cast<int>(ancestor->logical_index);
}

// Returns the kind of core. Kinds are ordered by efficiency, slower ones first; 0 if hwloc doesn't tell.
int kind_of(hwloc_topology_t topology, hwloc_obj_t pu) {
  return std::max(hwloc_cpukinds_get_by_cpuset(topology, pu->cpuset, 0), 0);
}

// Returns the number of kinds of core. Kinds that hwloc can't rank by efficiency count as one.
int ranked_kinds(hwloc_topology_t topology) {
  const int kinds = hwloc_cpukinds_get_nr(topology, 0);
  int efficiency = -1;
  if (kinds < 2 || hwloc_cpukinds_get_info(topology, 0, nullptr, &efficiency, nullptr, nullptr, 0) != 0) return 1;
  return efficiency < 0 ? 1 : kinds;
}

std::string counted(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

struct Topology::Impl {
  std::vector<int> cpus;
  std::map<int, Location> locations;  // by CPU number: `cpus` and this machine's other CPUs
  int kinds = 1;                      // kinds of core
  bool is_this_machine = false;
  std::array<std::optional<CpuPair>, kPlacements.size()> pairs;
  std::string description;

  Impl(Handle handle, const hwloc_bitmap_s* allowed);
  std::string_view name_of_kind(int kind) const noexcept { return kind == kinds - 1 ? "P" : kind == 0 ? "E" : "M"; }

 private:
  void choose_cpu_pairs();
  void describe(hwloc_topology_t topology, const std::vector<hwloc_obj_t>& pus);
};

Topology::Impl::Impl(Handle handle, const hwloc_bitmap_s* allowed) {
  const hwloc_topology_t topology = handle.get();
  std::vector<hwloc_obj_t> pus;
  std::map<std::string, int> nodes;
  for (hwloc_obj_t pu = nullptr; (pu = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_PU, pu)) != nullptr;) {
    // In hwloc 2 NUMA nodes are no ancestors: CPUs share their nodes if their sets of near nodes are equal.
    std::array<char, 512> text{};
    hwloc_bitmap_snprintf(text.data(), text.size(), pu->nodeset);
    const int node = nodes.try_emplace(text.data(), static_cast<int>(nodes.size())).first->second;
    locations.emplace(static_cast<int>(pu->os_index), Location{
                                                          .core = ancestor_index(topology, pu, HWLOC_OBJ_CORE),
                                                          .l2 = ancestor_index(topology, pu, HWLOC_OBJ_L2CACHE),
                                                          .l3 = ancestor_index(topology, pu, HWLOC_OBJ_L3CACHE),
                                                          .numa = node,
                                                          .package = ancestor_index(topology, pu, HWLOC_OBJ_PACKAGE),
                                                          .kind = kind_of(topology, pu),
                                                      });
    if (!hwloc_bitmap_isset(allowed, pu->os_index)) continue;
    pus.push_back(pu);
    cpus.push_back(static_cast<int>(pu->os_index));
  }
  if (pus.empty()) throw std::runtime_error("hwloc finds no CPU that this process may run on");
  std::sort(cpus.begin(), cpus.end());
  kinds = ranked_kinds(topology);
  if (kinds == 1) {
    for (auto& [cpu, location] : locations) location.kind = 0;
  }
  choose_cpu_pairs();
  describe(topology, pus);
}

// Chooses the pairs in one pass over all pairs of integers: 2^15 at 256 CPUs.
void Topology::Impl::choose_cpu_pairs() {
  struct Candidate {
    int number;
    const Location* location;
    int avoid;  // 1 for CPU 0 and for CPUs that share its core
  };
  const auto zero = locations.find(0);
  std::vector<Candidate> candidates;
  for (const int cpu : cpus) {
    const Location& location = locations.at(cpu);
    const bool avoid = cpu == 0 || (zero != locations.end() && shared(location.core, zero->second.core));
    candidates.push_back({cpu, &location, avoid ? 1 : 0});
  }
  const auto better = [](const auto& a, const auto& b) {
    return std::tie(b.location->kind, a.avoid, a.number) < std::tie(a.location->kind, b.avoid, b.number);
  };
  const int single = std::min_element(candidates.begin(), candidates.end(), better)->number;
  pairs[static_cast<std::size_t>(Placement::same_cpu)] = CpuPair{single, single};
  pairs[static_cast<std::size_t>(Placement::unpinned)] = CpuPair{-1, -1};

  // Orders pairs by what makes them worse, most important first: unlike cores, slow ones, CPU 0.
  using Drawback = std::tuple<bool, int, int>;
  std::array<Drawback, kPlacements.size()> drawbacks;
  drawbacks.fill({true, kinds, 3});
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    for (std::size_t j = i + 1; j < candidates.size(); ++j) {
      const auto index = static_cast<std::size_t>(nearest_class(*candidates[i].location, *candidates[j].location));
      const int kind = candidates[i].location->kind, other = candidates[j].location->kind;
      const Drawback drawback{kind != other, kinds - 1 - std::min(kind, other),
                              candidates[i].avoid + candidates[j].avoid};
      if (drawback < drawbacks[index]) {
        drawbacks[index] = drawback;
        pairs[index] = CpuPair{candidates[i].number, candidates[j].number};
      }
    }
  }
  for (auto farthest = static_cast<std::size_t>(Placement::cross_package); farthest > 0; --farthest) {
    if (!pairs[farthest]) continue;
    for (const Placement placement : {Placement::split, Placement::spread})
      pairs[static_cast<std::size_t>(placement)] = pairs[farthest];
    return;
  }
}

void Topology::Impl::describe(hwloc_topology_t topology, const std::vector<hwloc_obj_t>& pus) {
  std::set<int> packages, cores, nodes;
  for (const int cpu : cpus) {
    const Location& location = locations.at(cpu);
    packages.insert(location.package);
    cores.insert(location.core >= 0 ? location.core : cpu);
    nodes.insert(location.numa);
  }
  description = fmt::format("{}, {}, {}", counted(packages.size(), "package"), counted(cores.size(), "core"),
                            counted(cpus.size(), "CPU"));
  for (const auto& [type, level] : {std::pair{HWLOC_OBJ_L2CACHE, "L2"}, std::pair{HWLOC_OBJ_L3CACHE, "L3"}}) {
    std::set<hwloc_obj_t> caches;
    for (const hwloc_obj_t pu : pus) {
      const hwloc_obj_t cache = hwloc_get_ancestor_obj_by_type(topology, type, pu);
      if (cache != nullptr) caches.insert(cache);
    }
    std::map<std::size_t, std::size_t> by_size;  // hybrid processors have several sizes
    for (const hwloc_obj_t cache : caches) ++by_size[static_cast<std::size_t>(cache->attr->cache.size)];
    for (const auto& [size, count] : by_size) {
      description += size == 0 ? fmt::format(", {} x {}", level, count)
                               : fmt::format(", {} {} x {}", level, format_size(size), count);
    }
  }
  description += ", " + counted(nodes.size(), "NUMA node");
  for (int kind = kinds - 1; kinds > 1 && kind >= 0; --kind) {
    const auto count = std::count_if(cpus.begin(), cpus.end(), [&](int cpu) { return locations.at(cpu).kind == kind; });
    if (count > 0)
      description +=
          fmt::format(", {} of kind {}", counted(static_cast<std::size_t>(count), "CPU"), name_of_kind(kind));
  }
}

Topology::Topology(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Topology::Topology(Topology&&) noexcept = default;
Topology& Topology::operator=(Topology&&) noexcept = default;
Topology::~Topology() = default;

Topology Topology::of_this_machine() {
  allowed_cpus();  // throws if the mask can't be read, for which hwloc would retry forever
  Handle handle = make_handle();
  if (hwloc_topology_load(handle.get()) != 0) throw std::runtime_error("hwloc can't read this machine's topology");
  // hwloc obeys environment variables meant for other programs. On another machine's topology, CPUs can't be pinned.
  if (hwloc_topology_is_thissystem(handle.get()) == 0) {
    throw std::runtime_error(
        "hwloc describes another machine: unset HWLOC_XMLFILE, HWLOC_SYNTHETIC, HWLOC_FSROOT and HWLOC_THISSYSTEM");
  }
  const Bitmap allowed(hwloc_bitmap_alloc());
  if (!allowed || hwloc_get_cpubind(handle.get(), allowed.get(), HWLOC_CPUBIND_THREAD) != 0) {
    throw std::runtime_error("hwloc can't read the CPU affinity of this process");
  }
  auto impl = std::make_unique<Impl>(std::move(handle), allowed.get());
  impl->is_this_machine = true;
  return Topology(std::move(impl));
}

Topology Topology::from_xml(const std::string& path) {
  Handle handle = make_handle();
  if (hwloc_topology_set_xml(handle.get(), path.c_str()) != 0 || hwloc_topology_load(handle.get()) != 0) {
    throw std::runtime_error(fmt::format("{}: not a topology that hwloc can read", path));
  }
  const Bitmap allowed(hwloc_bitmap_dup(hwloc_topology_get_topology_cpuset(handle.get())));
  return Topology(std::make_unique<Impl>(std::move(handle), allowed.get()));
}

const std::vector<int>& Topology::cpus() const noexcept { return impl_->cpus; }

std::vector<int> Topology::cpus_by_nearness() const {
  const auto key = [this](int cpu) {
    const Location& at = impl_->locations.at(cpu);
    return std::tuple(at.package, at.numa, at.l3, at.l2, at.core, cpu);
  };
  std::vector<int> cpus = impl_->cpus;
  std::ranges::sort(cpus, {}, key);
  return cpus;
}

bool Topology::can_pin_to(int cpu) const noexcept {
  if (std::binary_search(impl_->cpus.begin(), impl_->cpus.end(), cpu)) return true;
  if (!impl_->is_this_machine || !impl_->locations.contains(cpu)) return false;
  try {
    const ScopedAffinity restored;
    pin_to(Cpu{cpu});
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

void Topology::require_cpu(int cpu, std::string_view what) const {
  if (can_pin_to(cpu)) return;
  throw UsageError(fmt::format("{}: this process may not use CPU {}; allowed: {}", what, cpu, fmt::join(cpus(), ", ")));
}

Placement Topology::classify(CpuPair pair) const {
  const Location& producer = impl_->locations.at(pair.producer);
  const Location& consumer = impl_->locations.at(pair.consumer);
  return pair.producer == pair.consumer ? Placement::same_cpu : nearest_class(producer, consumer);
}

std::string Topology::core_kinds(CpuPair pair) const {
  if (impl_->kinds == 1 || pair.producer < 0 || pair.consumer < 0) return "";
  const int producer = impl_->locations.at(pair.producer).kind, consumer = impl_->locations.at(pair.consumer).kind;
  std::string kinds(impl_->name_of_kind(producer));
  if (consumer != producer) kinds.append("+").append(impl_->name_of_kind(consumer));
  return kinds;
}

std::optional<CpuPair> Topology::pair(Placement placement) const {
  return impl_->pairs.at(static_cast<std::size_t>(placement));
}

std::string Topology::missing_reason(Placement placement) const {
  if (pair(placement)) return "";
  if (impl_->cpus.size() == 1) return fmt::format("only CPU {} is allowed", impl_->cpus.front());
  switch (placement) {
    case Placement::smt:
      return "no two allowed CPUs share a core";
    case Placement::same_l2:
      return "no two allowed CPUs of different cores share an L2 cache";
    case Placement::same_l3:
      return "no two allowed CPUs with different L2 caches share an L3 cache";
    case Placement::same_numa:
      return "no two allowed CPUs of one NUMA node are without a common cache";
    case Placement::same_package:
      return "no package has allowed CPUs on several NUMA nodes";
    case Placement::cross_package:
      return "all allowed CPUs are in one package";
    case Placement::same_cpu:
    case Placement::unpinned:
    case Placement::split:
    case Placement::spread:
      break;
  }
  return "";
}

std::optional<Placement> Topology::nearest_other() const {
  for (int i = static_cast<int>(Placement::smt); i <= static_cast<int>(Placement::cross_package); ++i) {
    if (impl_->pairs[static_cast<std::size_t>(i)]) return static_cast<Placement>(i);
  }
  return std::nullopt;
}

std::string Topology::describe() const { return impl_->description; }

}  // namespace ipcbench
