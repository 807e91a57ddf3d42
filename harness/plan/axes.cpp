#include "harness/plan/axes.h"

#include <algorithm>
#include <deque>
#include <initializer_list>
#include <optional>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "harness/sdk/by_name.h"
#include "harness/sdk/registry.h"
#include "harness/suite/case_names.h"

namespace ipcbench {
namespace {

constexpr std::size_t kDefaultSize = 64;

using Names = std::vector<std::string>;
using Options = std::vector<std::pair<std::string, std::string>>;

template <class T>
bool contains(const std::vector<T>& values, const T& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

void check_name(const std::string& what, const std::string& name, Names valid,
                std::initializer_list<const char*> also) {
  valid.insert(valid.end(), also.begin(), also.end());
  if (!contains(valid, name))
    throw UsageError(fmt::format("{}: unknown name '{}'{}", what, name, suggestion(name, valid)));
}

// Lists transports of plug-ins that aren't there like those that were not built, so that their cases are skipped.
void register_absent(const Suite& suite) {
  static std::deque<std::string> texts;  // of entries, which live as long as the program
  for (const CaseGroup& group : suite.groups) {
    if (group.without_plugin.empty()) continue;
    for (const std::string& name : group.transports) {
      if (find_registered(name) != nullptr) continue;
      const std::string& reason = texts.emplace_back("no plug-in that was given has it; " + group.without_plugin);
      register_transport({.name = texts.emplace_back(name), .missing_reason = reason});
    }
  }
}

std::vector<std::size_t> transport_indices(const std::string& what, const Names& names) {
  const auto entries = registered_transports();
  std::vector<std::size_t> indices;
  for (const std::string& name : names) {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.name == name; });
    if (found == entries.end()) {
      throw UsageError(fmt::format("{}: unknown name '{}'{}", what, name, transport_suggestion(name)));
    }
    indices.push_back(static_cast<std::size_t>(found - entries.begin()));
  }
  return indices;
}

// Returns what a group has that names no transport.
Names unnamed_transports() {
  Names names = transport_names();
  std::erase_if(names, is_by_name);
  return names;
}

std::vector<Scenario> default_scenarios() {
  std::vector<Scenario> scenarios;
  for (const ScenarioInfo& info : offered_scenarios()) {
    if (info.by_default) scenarios.push_back(info.scenario);
  }
  return scenarios;
}

std::vector<Scenario> scenarios_of(const std::string& what, const Names& names) {
  std::vector<Scenario> scenarios;
  for (const std::string& name : names) {
    check_name(what, name, scenario_names(), {});
    scenarios.push_back(*parse_scenario(name));
  }
  return scenarios;
}

void note_once(Names& notes, std::string note) {
  if (!contains(notes, note)) notes.push_back(std::move(note));
}

// Resolves "all" and "nearest" to what this machine has. What it lacks is noted once, rather than listed as skipped
// cases.
std::vector<Placement> placements_of(const std::string& what, const Names& names, const Topology& topology,
                                     Names& notes) {
  std::vector<Placement> placements;
  for (const std::string& name : names) {
    check_name(what, name, placement_names(), {"nearest", "all"});
    if (name == "nearest") {
      if (const auto nearest = topology.nearest_other()) {
        placements.push_back(*nearest);
      } else {
        note_once(notes, fmt::format("no two CPUs: {}", topology.missing_reason(Placement::cross_package)));
      }
    } else if (name == "all") {
      for (int i = 0; i < static_cast<int>(Placement::unpinned); ++i) {
        const auto placement = static_cast<Placement>(i);
        if (topology.pair(placement)) {
          placements.push_back(placement);
        } else {
          note_once(notes, fmt::format("no {}: {}", to_string(placement), topology.missing_reason(placement)));
        }
      }
    } else {
      placements.push_back(*parse_placement(name));
    }
  }
  return placements;
}

Axes axes_of(const CaseGroup& group, const std::string& suite, const Topology& topology, Names& notes) {
  const std::string what = fmt::format("suite '{}'", suite);
  Axes axes;
  axes.all_transports = group.transports.empty();
  axes.transports = transport_indices(what, axes.all_transports ? unnamed_transports() : group.transports);
  axes.scenarios = group.scenarios;
  if (axes.scenarios.empty()) axes.scenarios = default_scenarios();
  axes.placements = placements_of(what, group.placements.empty() ? Names{"all"} : group.placements, topology, notes);
  axes.waits = group.waits.empty() ? Names{"all"} : group.waits;
  for (const std::string& name : axes.waits) check_name(what, name, wait_names(), {"table", "all"});
  axes.sizes = group.sizes.empty() ? std::vector<std::size_t>{kDefaultSize} : group.sizes;
  axes.options = group.options;
  axes.lists_missing_waits = !group.transports.empty();
  return axes;
}

// Narrows one axis: each group keeps the selected values that it has. A value that no group has is added to every group
// that `takes` it.
template <class T, class Takes>
void narrow(std::vector<Axes>& groups, std::vector<T> Axes::*axis, const std::vector<T>& selected, Takes takes) {
  if (selected.empty()) return;
  std::vector<T> covered;
  for (const Axes& group : groups) covered.insert(covered.end(), (group.*axis).begin(), (group.*axis).end());
  for (Axes& group : groups) {
    std::vector<T> kept;
    for (const T& value : selected) {
      if (contains(group.*axis, value) || (!contains(covered, value) && takes(group))) kept.push_back(value);
    }
    group.*axis = std::move(kept);
  }
  std::erase_if(groups, [axis](const Axes& group) { return (group.*axis).empty(); });
}

void replace_options(Options& options, const Options& by) {
  std::erase_if(options, [&](const auto& old) {
    return std::any_of(by.begin(), by.end(), [&](const auto& given) { return given.first == old.first; });
  });
  options.insert(options.end(), by.begin(), by.end());
}

void apply(std::vector<Axes>& groups, const Selection& selection, const Topology& topology, Names& notes) {
  const bool any_open =
      std::any_of(groups.begin(), groups.end(), [](const Axes& group) { return group.all_transports; });
  narrow(groups, &Axes::transports, transport_indices("--transport", selection.transports),
         [any_open](const Axes& group) { return group.all_transports || !any_open; });
  const auto always = [](const Axes&) { return true; };
  narrow(groups, &Axes::scenarios, scenarios_of("--scenario", selection.scenarios), always);
  if (selection.cpus && !selection.placements.empty()) {
    throw UsageError("--cpus and --placement both say where to run: leave one out");
  }
  std::vector<Placement> placements = placements_of("--placement", selection.placements, topology, notes);
  if (selection.cpus) placements = {topology.classify(*selection.cpus)};
  // "nearest" on a single CPU selects nothing, rather than everything.
  if (placements.empty() && !selection.placements.empty()) groups.clear();
  narrow(groups, &Axes::placements, placements, always);

  for (const std::string& name : selection.waits) check_name("--wait", name, wait_names(), {"table", "all"});
  if (contains(selection.sizes, std::size_t{0})) {
    throw UsageError("--size: at least 1; transports that carry nothing have 0 without asking");
  }
  for (Axes& group : groups) {
    if (!selection.waits.empty()) {
      group.waits = selection.waits;
      group.lists_missing_waits = !selection.transports.empty();
    }
    if (!selection.sizes.empty()) group.sizes = selection.sizes;
    replace_options(group.options, selection.options);
  }
}

// Calls `visit` with a case, still without a size, of each scenario and built transport of the groups.
template <class Visit>
void for_each_form(const std::vector<Axes>& groups, Visit visit) {
  for (const Axes& group : groups) {
    for (const std::size_t index : group.transports) {
      const Transport* transport = registered_transports()[index].transport;
      if (transport == nullptr) continue;
      for (const Scenario scenario : group.scenarios) {
        visit(CaseSpec{.scenario = scenario, .transport = std::string(transport->info().name)}, transport->info());
      }
    }
  }
}

bool lacks_transport(const Axes& group) {
  const auto entries = registered_transports();
  return std::ranges::any_of(group.transports, [&](std::size_t index) { return entries[index].transport == nullptr; });
}

// Refuses an option that no scenario or transport has. Those that lack it are measured without it.
void check_options(const std::string& what, const Options& options, const std::vector<Axes>& groups) {
  for (const auto& asked : options) {
    const std::string &name = asked.first, &value = asked.second;
    Names known;
    std::optional<CaseSpec> declares;
    bool taken = false;
    for_each_form(groups, [&](const CaseSpec& form, const TransportInfo& info) {
      for (const OptionInfo& option : options_of(form.scenario, info)) {
        note_once(known, std::string(option.name));
        if (option.name != name) continue;
        declares = form;
        taken = taken || takes_option(form, info, name, value);
      }
    });
    if (!declares) {
      throw UsageError(fmt::format("{}: no selected scenario or transport has an option '{}'{}", what, name,
                                   suggestion(name, known)));
    }
    // Throws with the reason.
    if (!taken) set_option(*declares, find_transport(declares->transport)->info(), name, value);
  }
}

}  // namespace

std::vector<Axes> resolve_axes(const Suite& suite, const Selection& selection, const Topology& topology, Names& notes) {
  register_absent(suite);
  std::vector<Axes> groups;
  Names of_placements;  // discarded: with chosen CPUs, missing placements don't matter
  for (const CaseGroup& group : suite.groups) {
    groups.push_back(axes_of(group, suite.name, topology, selection.cpus ? of_placements : notes));
  }
  for (const Axes& group : groups) {
    if (lacks_transport(group)) continue;  // it may be what has the option
    check_options(fmt::format("suite '{}'", suite.name), group.options, {group});
  }
  apply(groups, selection, topology, notes);
  if (!groups.empty()) check_options("--option", selection.options, groups);
  return groups;
}

}  // namespace ipcbench
