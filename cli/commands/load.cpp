#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "cli/commands/measured_run.h"
#include "cli/options/subcommands.h"
#include "cli/output/result_text.h"
#include "plots/tables/idle_tables.h"
#include "plots/tables/load_curve_tables.h"
#include "plots/tables/load_tables.h"
#include "plots/tables/result_tables.h"
#include "results/figures/load_curves.h"

namespace ipcbench {
namespace {

constexpr const char* kLoadExamples = R"(Examples:
  ipcbench load                                           the rows of the sources' table, 64 B, one CPU, 6 minutes
  ipcbench load --transport pipe,unix-stream --size 1KiB --rate 20k
  ipcbench load --transport posix-shm --wait spin --placement same-l3 --option pacer=spin
  ipcbench load --load 50,90 --option schedule=poisson,form=round-trip
  ipcbench load --transport pipe,unix-dgram --option producers=8    eight senders share the rate
  ipcbench load --budget 2min -o load.ipcbench.json
  ipcbench load --idle                                    what a round trip costs after 100 us to 1 s of silence, 6 minutes
  ipcbench load --resume load.ipcbench.json

The saturation of each channel is measured first. Then messages are sent by a schedule that doesn't wait for the receiver:
at 10, 30, 50, 70, 80 and 90 % of it, and at 1 000, 10 000 and 100 000 a second where that is below 90 %.

What each takes is printed on stdout. Ctrl-C ends it after the launch in hand and saves what was measured, for --resume to
finish.)";

// Returns the curves, and one load beside the other if a channel has only one; then what is missing.
std::string load_text(const Result& result, bool color) {
  std::vector<Table> tables = {run_table(result)};
  std::vector<Table> loads = load_curve_tables(result);
  const auto has_one_rate = [](const LoadCurve& curve) { return curve.points.size() == 1; };
  if (std::ranges::any_of(load_curves(result), has_one_rate)) {
    for (Table& table : load_tables(result)) loads.push_back(std::move(table));
  }
  for (Table& table : idle_tables(result)) loads.push_back(std::move(table));
  for (Table& table : loads) tables.push_back(std::move(table));
  if (Table missing = not_measured_table(result); !missing.parts.front().rows.empty())
    tables.push_back(std::move(missing));
  return format_tables(tables, TableFormat::text, color);
}

}  // namespace

Subcommand add_load(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("load", "measures latency and CPU time at given rates: curves against load");
  app->footer(kLoadExamples);
  auto flags = std::make_shared<RunFlags>();
  flags->arguments.add_load_to(*app);
  add_run_flags_to(*app, *flags);
  return {app, [flags, &globals] { return measure_run({.name = "load", .text = load_text}, *flags, globals); }};
}

}  // namespace ipcbench
