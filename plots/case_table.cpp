#include <array>

#include <fmt/core.h>

#include "plots/cells.h"
#include "plots/result_tables.h"

namespace ipcbench {
namespace {

struct NamedFigure {
  const char* key;
  Unit unit;
  Figure CaseSummary::*figure;
};

constexpr std::array kFigures = {
    NamedFigure{"rtt_mean_ns", Unit::ns, &CaseSummary::rtt_mean},
    NamedFigure{"rtt_mean_stamped_ns", Unit::ns, &CaseSummary::rtt_mean_stamped},
    NamedFigure{"rtt_p50_ns", Unit::ns, &CaseSummary::rtt_p50},
    NamedFigure{"rtt_p90_ns", Unit::ns, &CaseSummary::rtt_p90},
    NamedFigure{"rtt_p99_ns", Unit::ns, &CaseSummary::rtt_p99},
    NamedFigure{"rtt_p999_ns", Unit::ns, &CaseSummary::rtt_p999},
    NamedFigure{"rtt_p9999_ns", Unit::ns, &CaseSummary::rtt_p9999},
    NamedFigure{"rtt_max_ns", Unit::ns, &CaseSummary::rtt_max},
    NamedFigure{"messages_per_s", Unit::per_s, &CaseSummary::messages_per_s},
    NamedFigure{"bytes_per_s", Unit::bytes_per_s, &CaseSummary::bytes_per_s},
    NamedFigure{"notifications_per_s", Unit::per_s, &CaseSummary::notifications_per_s},
    NamedFigure{"merged_ratio", Unit::number, &CaseSummary::merged_ratio},
    NamedFigure{"loss_ratio", Unit::number, &CaseSummary::loss_ratio},
    NamedFigure{"cpu_ns_per_op", Unit::ns, &CaseSummary::cpu_ns_per_op},
    NamedFigure{"broker_cpu_ns_per_op", Unit::ns, &CaseSummary::broker_cpu_ns_per_op},
    NamedFigure{"voluntary_per_op", Unit::number, &CaseSummary::voluntary_per_op},
    NamedFigure{"involuntary_per_op", Unit::number, &CaseSummary::involuntary_per_op},
    NamedFigure{"faults_per_op", Unit::number, &CaseSummary::faults_per_op},
    NamedFigure{"duty_producer", Unit::number, &CaseSummary::duty_producer},
    NamedFigure{"duty_consumer", Unit::number, &CaseSummary::duty_consumer},
    NamedFigure{"syscalls_per_op_producer", Unit::number, &CaseSummary::syscalls_producer},
    NamedFigure{"syscalls_per_op_consumer", Unit::number, &CaseSummary::syscalls_consumer},
    NamedFigure{"syscalls_per_op_retried", Unit::number, &CaseSummary::syscalls_retried},
    NamedFigure{"channel_bytes_idle", Unit::bytes, &CaseSummary::channel_idle},
    NamedFigure{"channel_bytes_loaded", Unit::bytes, &CaseSummary::channel_loaded},
    NamedFigure{"channel_bytes_payload", Unit::bytes, &CaseSummary::channel_payload},
    NamedFigure{"setup_create_ns", Unit::ns, &CaseSummary::setup_create},
    NamedFigure{"setup_connect_ns", Unit::ns, &CaseSummary::setup_connect},
    NamedFigure{"setup_teardown_ns", Unit::ns, &CaseSummary::setup_teardown},
};

std::string options_of(const CaseRecord& c) {
  std::string text;
  for (const auto& [name, value] : c.options) text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  return text;
}

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : "; ") + item;
  return text;
}

}  // namespace

Table case_table(const Result& result) {
  Table table{"cases", "All cases", {}, {TablePart{}}, {}};
  for (const char* key : {"id", "scenario", "transport", "wait"}) table.columns.push_back({key, key});
  table.columns.push_back({"size_bytes", "size", Unit::bytes});
  for (const char* key : {"placement", "options", "payload", "status", "reason", "state_used", "class", "bimodal"}) {
    table.columns.push_back({key, key});
  }
  table.columns.push_back({"launches", "launches", Unit::count});
  table.columns.push_back({"ops", "ops", Unit::count});
  for (const NamedFigure& named : kFigures) table.columns.push_back({named.key, named.key, named.unit, true});
  table.columns.push_back({"rtt_worst_ns", "rtt_worst_ns", Unit::ns});
  table.columns.push_back({"rtt_worst_at_ns", "rtt_worst_at_ns", Unit::ns});
  table.columns.push_back({"notes", "notes"});

  for (const CaseRecord& c : result.cases) {
    const CaseSummary& s = c.summary;
    std::vector<Cell> row = {cell(c.id), cell(c.scenario), cell(c.transport), cell(c.wait), cell(c.size)};
    row.insert(row.end(), {cell(c.placement), cell(options_of(c)), cell(c.payload),
                           cell(std::string(name_of(c.status))), cell(c.reason), cell(s.state_used), cell(s.steady),
                           cell(std::string(s.bimodal ? "yes" : "no")), cell(c.launches.size()), cell(c.ops)});
    for (const NamedFigure& named : kFigures) row.push_back(cell(s.*named.figure));
    row.push_back(s.rtt_worst ? cell(std::optional(s.rtt_worst->ns)) : Cell{});
    row.push_back(s.rtt_worst ? cell(s.rtt_worst->at_ns) : Cell{});
    row.push_back(cell(joined(s.notes)));
    table.parts[0].rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace ipcbench
