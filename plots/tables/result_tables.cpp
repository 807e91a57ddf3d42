#include "plots/tables/result_tables.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "plots/table/cells.h"
#include "plots/tables/claims_table.h"
#include "plots/tables/guide_table.h"
#include "plots/tables/sources_table.h"
#include "results/claims/sources_table.h"
#include "results/compare/comparability.h"
#include "results/figures/states.h"
#include "results/figures/statistics.h"
#include "results/figures/summary_form.h"
#include "results/model/limits.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

std::string join(const std::vector<std::string>& items, std::string_view separator) {
  return fmt::format("{}", fmt::join(items, separator));
}

std::string cpus_of(const std::array<int, 2>& cpus) {
  if (cpus[0] < 0) return "";
  return cpus[0] == cpus[1] ? fmt::format("{}", cpus[0]) : fmt::format("{}, {}", cpus[0], cpus[1]);
}

// Counts the launches of each state over all cases of a placement.
std::vector<std::pair<std::string, int>> launches_by_state(const Result& result, const StateRecord& states) {
  std::vector<std::pair<std::string, int>> counts;
  for (const auto& cluster : states.clusters_ns) counts.emplace_back(cluster.first, 0);
  counts.emplace_back(std::string(kMixedState), 0);
  for (const CaseRecord& c : result.cases) {
    if (c.placement != states.placement) continue;
    for (const LaunchRecord& launch : c.launches) {
      for (auto& [name, count] : counts) count += launch.status == Status::ok && launch.state == name ? 1 : 0;
    }
  }
  return counts;
}

// Returns the limits that changed any case, each with the number of those cases.
std::vector<std::pair<BilingualString, std::size_t>> cases_by_limit(const Result& result) {
  std::vector<std::pair<LimitRecord, std::size_t>> limits;
  for (const CaseRecord& c : result.cases) {
    for (const CaseLimit& limit : c.summary.limits_met) {
      const auto known = std::ranges::find(limits, limit.met, &std::pair<LimitRecord, std::size_t>::first);
      if (known == limits.end()) {
        limits.emplace_back(limit.met, 1);
      } else {
        ++known->second;
      }
    }
  }
  std::vector<std::pair<BilingualString, std::size_t>> texts;
  for (const auto& [limit, cases] : limits) texts.emplace_back(bilingual_text(limit), cases);
  return texts;
}

// Says how workers came to life where they weren't forked.
std::string workers_note(const Result& result) {
  const std::optional<std::string> workers = conditions_of(result).workers;
  return !workers ? ", workers of both kinds" : *workers == "fork" ? "" : fmt::format(", workers {}", *workers);
}

}  // namespace

Table run_table(const Result& result) {
  Table table{"run", "Run", {{"item", ""}, {"value", ""}}, {TablePart{}}, {}};
  auto& rows = table.parts[0].rows;
  const auto add = [&](std::string_view item, std::string value) {
    if (!value.empty()) rows.push_back({cell(std::string(item)), cell(std::move(value))});
  };
  add("cpu", result.machine.cpu);
  add("topology", result.machine.topology);
  add("kernel", result.machine.kernel);
  add("virtualisation", result.machine.virtualisation);
  if (result.machine.inherited && *result.machine.inherited != kUsualConditions) {
    add("inherited", *result.machine.inherited);
  }
  if (!result.clock.kind.empty()) {
    add("clock", fmt::format("{}, overhead {}, resolution {}", result.clock.kind,
                             human(Unit::ns, result.clock.overhead_ns), human(Unit::ns, result.clock.resolution_ns)));
  }
  add("started", result.started);
  add("command", result.command);
  add("suite", fmt::format("{}, {} passes, seed {}, payload {}{}", result.suite, result.passes, result.seed,
                           to_string(result.payload), workers_note(result)));
  add("tool", fmt::format("ipcbench {} {}, {}, {}", result.build.version, result.build.git, result.build.compiler,
                          result.build.build_type));
  for (const StateRecord& states : result.states) {
    std::vector<std::string> counts;
    for (const auto& [name, count] : launches_by_state(result, states)) {
      if (count > 0) counts.push_back(fmt::format("{} {}{}", count, name, name == states.used ? " (used)" : ""));
    }
    add("canary states", fmt::format("{}: launches {}", to_string(states.placement), join(counts, ", ")));
  }
  if (is_summary_form(result)) {
    const auto& [english, chinese] = kSummaryFormText;
    table.bilingual.push_back({std::string(english), std::string(chinese)});
    add("form", std::string(english));
  }
  if (!result.complete) add("incomplete", "the run was stopped before its end");
  for (const auto& [limit, cases] : cases_by_limit(result)) {
    table.bilingual.push_back(limit);
    add("limit met", fmt::format("{} {} cases: {}", kLimitMark, cases, limit.english));
  }
  for (const Severity severity : {Severity::wrong, Severity::noisy}) {
    for (const HostCheck& check : result.machine.checks) {
      if (check.severity != severity) continue;
      add(to_string(severity), check.fix.empty() ? check.text : fmt::format("{} (fix: {})", check.text, check.fix));
    }
  }
  for (const std::string& note : result.notes) add("note", note);
  return table;
}

std::vector<Table> floor_tables(const Result& result) {
  Table times{"floors",
              "Floors: what nothing on these CPUs can beat",
              {{"placement", "placement"},
               {"cpus", "CPUs"},
               {"state", "state"},
               {"clock_read_ns", "clock read", Unit::ns},
               {"syscall_ns", "system call", Unit::ns},
               {"cache_line_rtt_ns", "cache-line RTT", Unit::ns},
               {"futex_rtt_ns", "futex wake RTT", Unit::ns}},
              {TablePart{}},
              {}};
  Table bandwidths{"floor-bandwidth",
                   "Bandwidth floors",
                   {{"placement", "placement"},
                    {"state", "state"},
                    {"size_bytes", "size", Unit::bytes},
                    {"memcpy_bytes_per_s", "memcpy", Unit::bytes_per_s},
                    {"line_touch_bytes_per_s", "line touch", Unit::bytes_per_s}},
                   {TablePart{}},
                   {"line touch: one side writes a word of each 64-byte line, the other reads it"}};
  for (const FloorRecord& floor : result.floors) {
    times.parts[0].rows.push_back({cell(floor.placement), cell(cpus_of(floor.cpus)), cell(floor.state),
                                   cell(floor.clock_read_ns), cell(floor.syscall_ns), cell(floor.cache_line_rtt_ns),
                                   cell(floor.futex_rtt_ns)});
    std::map<std::uint64_t, std::array<Cell, 2>> by_size;
    for (const BandwidthRecord& b : floor.memcpy) by_size[b.size][0] = cell(std::optional(b.bytes_per_s));
    for (const BandwidthRecord& b : floor.line_touch) by_size[b.size][1] = cell(std::optional(b.bytes_per_s));
    for (const auto& [size, cells] : by_size) {
      bandwidths.parts[0].rows.push_back({cell(floor.placement), cell(floor.state), cell(size), cells[0], cells[1]});
    }
  }
  return {times, bandwidths};
}

Table state_table(const Result& result) {
  Table table{"canary-states",
              "Canary states: how far apart the two CPUs were",
              {{"placement", "placement"},
               {"state", "state"},
               {"from_ns", "from", Unit::ns},
               {"to_ns", "to", Unit::ns},
               {"launches", "launches", Unit::count},
               {"used", "used"}},
              {TablePart{}},
              {}};
  for (const StateRecord& states : result.states) {
    for (const auto& [name, count] : launches_by_state(result, states)) {
      const auto cluster = std::find_if(states.clusters_ns.begin(), states.clusters_ns.end(),
                                        [&, &wanted = name](const auto& c) { return c.first == wanted; });
      std::optional<double> from;
      std::optional<double> to;
      if (cluster != states.clusters_ns.end()) {
        from = cluster->second.low;
        to = cluster->second.high;
      } else if (count == 0) {
        continue;  // no mixed launch
      }
      table.parts[0].rows.push_back({cell(states.placement), cell(name), cell(from), cell(to), cell(count),
                                     cell(std::string(name == states.used ? "yes" : ""))});
    }
  }
  return table;
}

Table noise_table(const Result& result) {
  Table table{"noise",
              "Noise of the idle CPUs",
              {{"cpu", "CPU", Unit::count},
               {"spin_gap_max_ns", "longest gap", Unit::ns},
               {"spin_gaps", "gaps", Unit::count},
               {"stolen_ratio", "time in gaps", Unit::percent},
               {"wakeup_p50_ns", "late wake-up p50", Unit::ns},
               {"wakeup_max_ns", "latest", Unit::ns},
               {"wakeups", "sleeps", Unit::count}},
              {TablePart{}},
              {}};
  for (const NoiseRecord& n : result.noise) {
    table.parts[0].rows.push_back({cell(n.cpu), cell(std::optional(n.spin_gap_max_ns)), cell(n.spin_gaps),
                                   cell(std::optional(n.stolen_ratio)), cell(n.wakeup_p50_ns), cell(n.wakeup_max_ns),
                                   cell(n.wakeups)});
  }
  return table;
}

std::string common_pattern(const std::vector<std::string>& case_ids) {
  constexpr std::size_t kMaxNamed = 4;
  std::vector<std::vector<std::string>> parts;  // distinct values at each place, in order of appearance
  for (const std::string& id : case_ids) {
    std::size_t place = 0;
    for (std::size_t begin = 0; begin <= id.size(); ++place) {
      const std::size_t end = std::min(id.find('/', begin), id.size());
      const std::string value = id.substr(begin, end - begin);
      if (place == parts.size()) parts.emplace_back();
      if (std::find(parts[place].begin(), parts[place].end(), value) == parts[place].end()) {
        parts[place].push_back(value);
      }
      begin = end + 1;
    }
  }
  std::vector<std::string> shown;
  for (const auto& values : parts) {
    shown.push_back(values.size() == 1           ? values[0]
                    : values.size() <= kMaxNamed ? fmt::format("{{{}}}", join(values, ","))
                                                 : "*");
  }
  return join(shown, "/");
}

Table not_measured_table(const Result& result) {
  Table table{"not-measured",
              "Not measured",
              {{"status", "status"}, {"cases", "cases", Unit::count}, {"which", "which"}, {"reason", "reason"}},
              {TablePart{}},
              {}};
  std::vector<std::pair<std::pair<Status, std::string>, std::vector<std::string>>> groups;
  std::map<std::pair<Status, std::string>, std::size_t> index;
  for (const CaseRecord& c : result.cases) {
    if (c.status == Status::ok) continue;
    const auto [found, is_new] = index.try_emplace({c.status, c.reason}, groups.size());
    if (is_new) groups.push_back({found->first, {}});
    groups[found->second].second.push_back(c.id);
  }
  // Failures come before cases that were never tried.
  std::stable_partition(groups.begin(), groups.end(),
                        [](const auto& group) { return group.first.first != Status::skipped; });
  for (const auto& [key, ids] : groups) {
    table.parts[0].rows.push_back(
        {cell(std::string(to_string(key.first))), cell(ids.size()), cell(common_pattern(ids)), cell(key.second)});
  }
  return table;
}

Table at_largest_table(const Result& result) {
  Table table{"at-largest",
              "Measured at their largest",
              {{"transport", "transport"},
               {"size_bytes", "largest", Unit::bytes},
               {"asked", "asked"},
               {"cases", "cases", Unit::count},
               {"which", "which"},
               {"reason", "reason"}},
              {TablePart{}},
              {}};
  std::vector<std::pair<const CaseRecord*, std::vector<std::string>>> groups;
  const auto alike = [](const CaseRecord& a, const CaseRecord& b) {
    return a.transport == b.transport && a.options == b.options && a.size == b.size &&
           a.at_largest->asked == b.at_largest->asked && a.at_largest->limit == b.at_largest->limit;
  };
  for (const CaseRecord& c : result.cases) {
    if (c.status == Status::skipped || asked_text(c).empty()) continue;
    auto found = std::ranges::find_if(groups, [&](const auto& group) { return alike(*group.first, c); });
    if (found == groups.end()) found = groups.insert(found, {&c, {}});
    found->second.push_back(c.id);
  }
  for (const auto& [c, ids] : groups) {
    Cell size = cell(c->size);
    size.shown = format_size(c->size);
    table.parts[0].rows.push_back({cell(label_of(*c)), std::move(size), cell(asked_text(*c)), cell(ids.size()),
                                   cell(common_pattern(ids)), cell(c->at_largest->limit)});
  }
  return table;
}

Table transport_table(const Result& result) {
  Table table{"transports",
              "Transports",
              {{"name", "name"},
               {"family", "family"},
               {"available", "here"},
               {"waits", "waits"},
               {"options", "options"},
               {"summary", "summary"},
               {"reason", "why not"}},
              {TablePart{}},
              {}};
  for (const TransportRecord& t : result.transports) {
    std::vector<std::string> options;
    for (const auto& [name, value] : t.options) options.push_back(fmt::format("{}={}", name, value));
    std::vector<std::string> waits;
    for (const WaitName& wait : t.waits) waits.emplace_back(to_string(wait));
    table.parts[0].rows.push_back({cell(t.name), cell(t.family), cell(std::string(t.available ? "yes" : "no")),
                                   cell(join(waits, " ")), cell(join(options, " ")), cell(t.summary),
                                   cell(t.available ? std::string() : t.reason)});
  }
  return table;
}

std::vector<Table> result_tables(const ComparedResult& compared, Language language, const Reference* reference) {
  const Result& result = compared.result;
  const std::vector<SourcesTable>& all_sources = compared.sources;
  std::vector<Table> all = sources_tables(all_sources, language);
  all.push_back(run_table(result));
  const auto append = [&](std::vector<Table> tables) {
    for (Table& table : tables) {
      const auto has_rows = [](const TablePart& part) { return !part.rows.empty(); };
      if (std::any_of(table.parts.begin(), table.parts.end(), has_rows)) all.push_back(std::move(table));
    }
  };
  append(sources_variant_tables(all_sources, language));
  append(measurement_tables(result, reference));
  if (!all_sources.empty()) append({claims_table(result, language), guide_table(result, language)});
  append({at_largest_table(result), not_measured_table(result), buffer_table(result)});
  append(floor_tables(result));
  append({state_table(result), noise_table(result), transport_table(result)});
  return all;
}

}  // namespace ipcbench
