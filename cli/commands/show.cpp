#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/options/command_line.h"
#include "cli/options/subcommands.h"
#include "cli/output/result_text.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "plots/charts/charts.h"
#include "plots/exports/exports.h"
#include "plots/exports/hgrm.h"
#include "results/figures/summary_form.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr const char* kShowExamples = R"(Examples:
  ipcbench show quick.ipcbench.json
  ipcbench show quick.ipcbench.json --table comparison            the sources' table, measured
  ipcbench show quick.ipcbench.json --table comparison --lang zh  the same in the sources' language
  ipcbench show quick.ipcbench.json --table ping-pong/same-cpu --format csv
  ipcbench show quick.ipcbench.json --format markdown
  ipcbench show quick.ipcbench.json --reference pipe              figures as multiples of the pipe's as well
  ipcbench show quick.ipcbench.json --charts charts               SVG and PNG, drawn by gnuplot
  ipcbench show quick.ipcbench.json --export exported             tables, percentiles, gnuplot and Google Benchmark data
  ipcbench show quick.ipcbench.json --hgrm ping-pong/pipe/block/64/same-cpu > pipe.hgrm
  ipcbench show quick.ipcbench.json.journal.jsonl        what a killed run had measured)";

struct ShowArguments {
  std::string file;
  std::string format = "table";
  std::string table;
  std::string language{kLanguageNames.front()};
  std::string hgrm;
  std::string charts;
  std::string exports;
  std::string reference;
};

const CaseRecord& case_of(const Result& result, const std::string& id) {
  std::vector<std::string> ids;
  for (const CaseRecord& record : result.cases) {
    if (record.id == id) return record;
    ids.push_back(record.id);
  }
  throw UsageError(fmt::format("--hgrm: no case '{}' in this result{}", id, suggestion(id, ids)));
}

void tell_of(const std::vector<std::string>& files, const std::string& folder) {
  tell(fmt::format("{} files in {}", files.size(), printable(folder)));
}

int show(const ShowArguments& arguments, const Globals& globals) {
  const Result result = load_stored_result(arguments.file);
  const std::optional<Reference> named = reference_in(result, arguments.reference, printable(arguments.file));
  const Reference* reference = named ? &*named : nullptr;
  const ComparedResult compared(result);
  if (!arguments.charts.empty()) tell_of(write_charts(compared, arguments.charts), arguments.charts);
  if (!arguments.exports.empty()) {
    tell_of(write_exports(compared, arguments.exports, *parse_language(arguments.language), reference),
            arguments.exports);
  }
  if (!arguments.charts.empty() || !arguments.exports.empty()) return 0;
  const TableFormat format = parse_table_format(arguments.format);
  const Language language = *parse_language(arguments.language);
  const bool color = use_color(globals.color_when(), STDOUT_FILENO);
  if (!arguments.hgrm.empty()) {
    require_histograms(result, "--hgrm", arguments.file);
    print(to_hgrm(case_of(result, arguments.hgrm)));
  } else if (!arguments.table.empty()) {
    print(format_result(result, arguments.table, format, color, language, reference));
  } else {
    print(format_result(result, format, color, language, reference));
  }
  return 0;
}

}  // namespace

Subcommand add_show(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("show", "prints the tables of a stored result, or of a killed run's journal");
  app->footer(kShowExamples);
  auto arguments = std::make_shared<ShowArguments>();
  app->add_option("FILE", arguments->file, "a result file or a journal")->required();
  CLI::Option* format = app->add_option("--format", arguments->format, "table (default), markdown, csv or json")
                            ->check(one_of(table_format_names()))
                            ->option_text("FORMAT");
  app->add_option("--table", arguments->table, "this one, or all of this kind: comparison, ping-pong/same-cpu, cases")
      ->check(not_empty())
      ->option_text("TABLE");
  app->add_option("--lang", arguments->language, "of the tables beside the sources: en (default) or zh")
      ->check(one_of({kLanguageNames.begin(), kLanguageNames.end()}))
      ->option_text("LANG");
  add_reference_to(*app, arguments->reference);
  app->add_option("--hgrm", arguments->hgrm, "one case's round-trip percentiles, as HdrHistogram's tools read them")
      ->option_text("CASE")
      ->excludes(format)
      ->excludes("--table")
      ->excludes("--lang")
      ->excludes("--reference");
  app->add_option("--charts", arguments->charts, "draws the charts into this folder (needs gnuplot)")
      ->check(not_empty())
      ->option_text("DIR");
  app->add_option("--export", arguments->exports, "writes all tables and data for other programs into this folder")
      ->check(not_empty())
      ->option_text("DIR");
  return {app, [arguments, &globals] { return show(*arguments, globals); }};
}

}  // namespace ipcbench
