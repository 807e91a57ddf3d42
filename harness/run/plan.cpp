#include "harness/run/plan.h"

#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "harness/os/usage_error.h"
#include "harness/run/expand.h"
#include "harness/run/id_filter.h"
#include "harness/transport/registry.h"
#include "results/statistics.h"

namespace ipcbench {
namespace {

struct Filter {
  IdFilter pattern;
  bool negated = false;
};

std::vector<Filter> compile(const std::vector<std::string>& filters) {
  std::vector<Filter> compiled;
  for (const std::string& text : filters) {
    const bool negated = text.starts_with('-');
    compiled.push_back({IdFilter(std::string_view(text).substr(negated ? 1 : 0), "--filter"), negated});
  }
  return compiled;
}

bool passes_all(const std::vector<Filter>& filters, const std::string& id) {
  return std::ranges::all_of(filters,
                             [&](const Filter& filter) { return filter.pattern.matches(id) != filter.negated; });
}

void check_pair(const std::optional<CpuPair>& pair, const Topology& topology) {
  if (!pair) return;
  for (const int cpu : {pair->producer, pair->consumer}) {
    if (topology.can_pin_to(cpu)) continue;
    throw UsageError(
        fmt::format("--cpus: this process may not use CPU {}; allowed: {}", cpu, fmt::join(topology.cpus(), ", ")));
  }
}

// Asks each transport once: a probe may be slow.
class Prober {
 public:
  std::string reason(const CaseSpec& spec, const Topology& topology, std::optional<CpuPair> cpus) {
    const RegisteredTransport* entry = find_registered(spec.transport);
    if (entry->transport == nullptr) return fmt::format("not built: {}", entry->missing_reason);
    const Transport& transport = *entry->transport;
    auto known = probed_.find(&transport);
    if (known == probed_.end()) known = probed_.emplace(&transport, transport.probe()).first;
    return refusal(spec, transport, known->second, topology, cpus);
  }

 private:
  std::map<const Transport*, Availability> probed_;
};

[[noreturn]] void refuse_empty(const Selection& selection, std::size_t unfiltered,
                               const std::vector<std::string>& notes) {
  if (unfiltered > 0) {
    throw UsageError(fmt::format("--filter {}: none of the {} cases is left",
                                 fmt::join(selection.filters, " --filter "), unfiltered));
  }
  throw UsageError(fmt::format("the selection leaves no case{}{}", notes.empty() ? "" : ": ", fmt::join(notes, "; ")));
}

void set_passes(Plan& plan, std::optional<int> passes) {
  plan.passes = passes.value_or(plan.suite.launches);
  if (plan.passes < 1) throw UsageError(fmt::format("--passes: {} is less than 1", plan.passes));
  if (plan.passes < static_cast<int>(kLeastForInterval)) {
    plan.notes.push_back(
        fmt::format("{} launches a case: no interval under {} launches", plan.passes, kLeastForInterval));
  } else if (plan.passes < kMinLaunches) {
    plan.notes.push_back(fmt::format("{} launches a case instead of {}: wider intervals", plan.passes, kMinLaunches));
  }
}

// Its figures are of neither kind.
void note_unlike_cores(const PlannedCase& planned, std::vector<std::string>& notes) {
  if (planned.core_kinds.find('+') == std::string::npos) return;
  std::string note = fmt::format("{}: CPUs {} and {} are cores of unlike kinds, {}", name_of(planned.spec.placement),
                                 planned.cpus.producer, planned.cpus.consumer, planned.core_kinds);
  if (std::ranges::find(notes, note) == notes.end()) notes.push_back(std::move(note));
}

}  // namespace

Plan make_plan(const Suite& suite, const Selection& selection, const Topology& topology, std::optional<int> passes) {
  Plan plan{.suite = suite, .block = suite.block};
  const std::vector<Filter> filters = compile(selection.filters);
  check_pair(selection.cpus, topology);
  set_passes(plan, passes);

  const std::vector<CaseSpec> specs = expand(suite, selection, topology, plan.notes);
  Prober prober;
  for (const CaseSpec& spec : specs) {
    if (!passes_all(filters, spec.id())) continue;
    const std::optional<CpuPair> pair = selection.cpus ? selection.cpus : topology.pair(spec.placement);
    plan.cases.push_back({.spec = spec,
                          .cpus = pair.value_or(CpuPair{}),
                          .core_kinds = topology.core_kinds(pair.value_or(CpuPair{})),
                          .skip_reason = prober.reason(spec, topology, selection.cpus)});
    note_unlike_cores(plan.cases.back(), plan.notes);
  }
  if (plan.cases.empty()) refuse_empty(selection, specs.size(), plan.notes);
  fit_to_budget(plan);
  return plan;
}

}  // namespace ipcbench
