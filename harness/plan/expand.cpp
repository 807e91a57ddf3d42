#include "harness/plan/expand.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "harness/plan/axes.h"
#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

using Options = std::vector<std::pair<std::string, std::string>>;

std::vector<WaitStrategy> waits_of(const Axes& group, const TransportInfo* info) {
  std::vector<WaitStrategy> waits;
  for (const std::string& name : group.waits) {
    const auto wait = parse_wait_strategy(name);
    if (wait) {
      // A transport that was not built is listed with the wait that all transports have.
      const bool offered = info == nullptr
                               ? *wait == WaitStrategy::block
                               : std::find(info->waits.begin(), info->waits.end(), *wait) != info->waits.end();
      if (offered || group.lists_missing_waits) waits.push_back(*wait);
    } else if (info == nullptr) {
      waits.push_back(WaitStrategy::block);
    } else if (name == "table") {
      waits.push_back(info->waits.front());
    } else {
      waits.insert(waits.end(), info->waits.begin(), info->waits.end());
    }
  }
  return waits;
}

// Refuses a product of axes that is too large to measure or to hold; suites come from files.
void refuse_too_many(std::size_t cases) {
  constexpr std::size_t kMost = 50'000;
  if (cases > kMost) throw UsageError(fmt::format("suite and selection ask for more than {} cases", kMost));
}

// Returns `base` with every combination of the option values that its scenario and this transport take.
std::vector<CaseSpec> with_options(const CaseSpec& base, const TransportInfo* info, const Options& options) {
  std::vector<CaseSpec> specs = {base};
  if (info == nullptr) return specs;
  std::set<std::string> seen;
  for (const auto& [name, ignored] : options) {
    if (!seen.insert(name).second) continue;
    std::vector<CaseSpec> next;
    for (const auto& [other, value] : options) {
      if (other != name || !takes_option(base, *info, name, value)) continue;
      for (CaseSpec spec : specs) {
        set_option(spec, *info, name, value);
        next.push_back(std::move(spec));
        refuse_too_many(next.size());
      }
    }
    if (!next.empty()) specs = std::move(next);
  }
  return specs;
}

// Names the form of a cast, and makes a place for a cast of one for a pair: apart means split, or spread where there
// are no sides.
void fit_cast(CaseSpec& spec, const TransportInfo& info) {
  if (!has_cast(spec)) return;
  choose_form(spec, info);
  const Placement placement = spec.placement;
  if (placement != Placement::same_cpu && placement != Placement::unpinned && !is_of_casts(placement))
    spec.placement = cast_of(spec).pattern.is_lock() ? Placement::spread : Placement::split;
}

std::vector<std::size_t> sizes_of(const Axes& group, const TransportInfo* info) {
  if (info != nullptr && !info->capabilities.carries_payload) return {0};
  return group.sizes;
}

void add_cases(std::vector<CaseSpec>& cases, const Axes& group, std::size_t index) {
  const RegisteredTransport& entry = registered_transports()[index];
  const TransportInfo* info = entry.transport == nullptr ? nullptr : &entry.transport->info();
  const std::vector<std::size_t> sizes = sizes_of(group, info);
  for (const Scenario scenario : group.scenarios) {
    for (const WaitStrategy wait : waits_of(group, info)) {
      for (const Placement placement : group.placements) {
        for (const std::size_t size : sizes) {
          const CaseSpec base{.scenario = scenario,
                              .transport = std::string(entry.name),
                              .wait = wait,
                              .size = size,
                              .placement = placement};
          for (CaseSpec& spec : with_options(base, info, group.options)) {
            if (info != nullptr) fit_cast(spec, *info);
            cases.push_back(std::move(spec));
            refuse_too_many(cases.size());
          }
        }
      }
    }
  }
}

// Sorts by the transports' order in the table, then by the other parts.
void sort_as_the_table(std::vector<CaseSpec>& cases) {
  std::map<std::string_view, std::size_t> places;
  for (const RegisteredTransport& entry : registered_transports()) places.emplace(entry.name, places.size());
  const auto key = [&](const CaseSpec& spec) {
    return std::tuple(places.at(spec.transport),
                      std::tie(spec.scenario, spec.wait, spec.options, spec.placement, spec.size));
  };
  std::ranges::stable_sort(cases, [&](const CaseSpec& a, const CaseSpec& b) { return key(a) < key(b); });
}

}  // namespace

std::vector<CaseSpec> expand(const Suite& suite, const Selection& selection, const Topology& topology,
                             std::vector<std::string>& notes) {
  std::vector<CaseSpec> cases;
  for (const Axes& group : resolve_axes(suite, selection, topology, notes)) {
    for (const std::size_t index : group.transports) add_cases(cases, group, index);
  }
  sort_as_the_table(cases);
  cases.erase(std::unique(cases.begin(), cases.end()), cases.end());
  return cases;
}

}  // namespace ipcbench
