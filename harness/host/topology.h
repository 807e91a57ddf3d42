#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/records/case_parts.h"

namespace ipcbench {

struct CpuPair {
  int producer = -1;  // Linux CPU numbers; -1 if unpinned
  int consumer = -1;
  friend bool operator==(const CpuPair&, const CpuPair&) = default;
};

// The allowed CPUs and the caches, NUMA nodes and packages that they share, by hwloc.
class Topology {
 public:
  static Topology of_this_machine();  // only CPUs in the caller's affinity mask; throws std::runtime_error
  static Topology from_xml(const std::string& path);  // a recorded machine (lstopo) with all its CPUs allowed
  Topology(Topology&&) noexcept;
  Topology& operator=(Topology&&) noexcept;
  ~Topology();

  const std::vector<int>& cpus() const noexcept;  // ascending
  // Returns the same CPUs so that those which share a core, a cache, a node or a package stand side by side.
  std::vector<int> cpus_by_nearness() const;
  // Returns whether a worker can be pinned to `cpu`. Isolated CPUs are in nobody's affinity mask, so it pins the
  // calling thread for a moment to find out. On a recorded machine all of cpus() can be.
  bool can_pin_to(int cpu) const noexcept;
  // Throws UsageError, which names `what`, unless can_pin_to(cpu).
  void require_cpu(int cpu, std::string_view what) const;
  // Returns the class of two CPUs. Throws std::out_of_range if one of them can't be pinned to.
  Placement classify(CpuPair pair) const;
  // Returns the core kinds of a pair on a hybrid processor, producer first: "P" (fastest), "E" (slowest), "M"
  // (between), or "P+E" if they differ. "" if all CPUs are of one kind, or the pair is unpinned.
  std::string core_kinds(CpuPair pair) const;
  // Returns a representative pair, or nullopt if the class doesn't exist here. It prefers two cores of one kind, then
  // the faster kind, and takes CPU 0 and its siblings last, since they serve most interrupts. unpinned: {-1, -1}; of
  // casts: a pair of the farthest class.
  std::optional<CpuPair> pair(Placement placement) const;
  // Says why pair() is nullopt: "no two allowed CPUs share an L2 cache".
  std::string missing_reason(Placement placement) const;
  // Returns the nearest class of two different CPUs; nullopt with one CPU.
  std::optional<Placement> nearest_other() const;
  // Returns, for example, "1 package, 2 cores, 2 CPUs, L2 1 MiB x 2, L3 32 MiB x 1, 1 NUMA node".
  std::string describe() const;

 private:
  struct Impl;
  explicit Topology(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ipcbench
