#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

// Finds the hosts of a machine class that stand out as slow. docs/fleet.md has the reasoning.

namespace ipcbench {

// Fewer hosts say too little of a class's tail, and so decide nothing.
inline constexpr std::size_t kLeastHosts = 20;
// Hosts with fewer cases aren't judged.
inline constexpr std::size_t kLeastCases = 6;
inline constexpr double kFalseDiscoveryRate = 0.05;
// A host stands out only if its slower cases are so much slower than those of a typical host.
inline constexpr double kLeastSlowdown = 0.03;

// Holds a value for each case of a class, in each state of its CPUs; NaN where the host lacks the case.
using CaseValues = std::vector<double>;

// Holds how far each host lies from its class.
struct ClassDeviations {
  std::vector<CaseValues> ln_ratios;  // by host and case: ln of the host's time over the class's median
  CaseValues spreads;  // by case: robust standard deviation between hosts; NaN: under kLeastHosts of them
};

// Compares hosts, of which each has the natural logarithms of its times, with the class that they make up. A case that
// fewer than kLeastHosts hosts have is NaN for all.
ClassDeviations deviations_of(std::span<const CaseValues> ln_times);

// Says how a host stands in its class.
struct HostStanding {
  double p = 1;           // that a host which is like its class is at least as slow, throughout or in some cases
  double adjusted_p = 1;  // the lowest rate of false discoveries at which the host would be named
  double throughout = 0;  // ln ratio: weighted median over its cases
  double slower = 0;      // ln ratio: weighted 5/6 quantile over its cases, less that of a typical host
  bool stands_out = false;
};

// Judges each host against its class, in which `cases` cases can be compared: under a column each, or one for each
// state of their CPUs. None: the host has under kLeastCases cases, or under half of the class's, or the class has under
// kLeastHosts such hosts.
std::vector<std::optional<HostStanding>> judge_hosts(const ClassDeviations& hosts, std::size_t cases);

// Adjusts p-values so that those up to q have a false discovery rate of at most q: Benjamini and Hochberg, Journal of
// the Royal Statistical Society B 57 (1995), 289-300.
std::vector<double> adjust_p_values(std::span<const double> p_values);

// Returns the p-value of each value against all of them: large values have small ones. The tail is that of Student's t
// with the degrees of freedom that the values show, on both sides or, of 200 values and if that is the lighter tail,
// below the median: many slow hosts make only the other side heavy.
std::vector<double> tail_p_values(std::span<const double> values);

}  // namespace ipcbench
