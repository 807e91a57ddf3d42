#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipcbench {

// Where the two workers of a launch run, nearest first. A pair of CPUs belongs to the nearest class that holds for it:
// two CPUs that share an L2 are `same-l2`, not also `same-l3`.
enum class Placement : std::uint8_t {
  same_cpu,
  smt,
  same_l2,
  same_l3,
  same_numa,
  same_package,
  cross_package,
  unpinned,
};
inline constexpr int kPlacements = 8;

std::string_view name_of(Placement placement) noexcept;  // "same-cpu"
std::optional<Placement> placement_named(std::string_view name) noexcept;

struct CpuPair {
  int producer = -1;  // Linux CPU numbers; -1 where unpinned
  int consumer = -1;
  friend bool operator==(const CpuPair&, const CpuPair&) = default;
};

// The allowed CPUs and what they share, by hwloc.
class Topology {
 public:
  static Topology of_this_machine();  // CPUs in the caller's affinity mask only; throws std::runtime_error
  static Topology from_xml(const std::string& path);  // a recorded machine (lstopo), all of its CPUs allowed
  Topology(Topology&&) noexcept;
  Topology& operator=(Topology&&) noexcept;
  ~Topology();

  const std::vector<int>& cpus() const noexcept;  // ascending
  // Whether a worker can be pinned to `cpu`. Isolated CPUs are in nobody's affinity mask, so that the kernel is asked,
  // by pinning the calling thread for a moment; of a recorded machine all of cpus() can.
  bool can_pin_to(int cpu) const noexcept;
  // Throws UsageError, which names `what`, unless can_pin_to(cpu).
  void require_cpu(int cpu, std::string_view what) const;
  // The class of two CPUs that can be pinned to; else std::out_of_range.
  Placement classify(CpuPair pair) const;
  // Of a hybrid processor, the kinds of core of a pair, producer first: "P" (the fastest), "E" (the slowest), "M"
  // (between them), "P+E" for unlike ones. "" where all CPUs are of one kind, and for an unpinned pair.
  std::string core_kinds(CpuPair pair) const;
  // A representative pair, or nullopt where the class doesn't exist here. Where there is a choice: two cores of one
  // kind, the faster kind, and CPU 0 and its siblings last, since they take most interrupts. unpinned: {-1, -1}.
  std::optional<CpuPair> pair(Placement placement) const;
  // Why pair() is nullopt: "no two allowed CPUs share an L2 cache".
  std::string missing_reason(Placement placement) const;
  // The nearest class of two different CPUs; nullopt with one CPU.
  std::optional<Placement> nearest_other() const;
  // "1 package, 2 cores, 2 CPUs, L2 1 MiB x 2, L3 32 MiB x 1, 1 NUMA node"
  std::string describe() const;

 private:
  struct Impl;
  explicit Topology(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ipcbench
