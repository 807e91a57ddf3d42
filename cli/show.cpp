#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/result_text.h"
#include "cli/subcommands.h"
#include "cli/terminal.h"
#include "harness/os/usage_error.h"
#include "plots/hgrm.h"

namespace ipcbench {
namespace {

constexpr const char* kShowExamples = R"(Examples:
  ipcbench show quick.ipcbench.json
  ipcbench show quick.ipcbench.json --format markdown
  ipcbench show quick.ipcbench.json --hgrm ping-pong/pipe/block/64/same-cpu > pipe.hgrm
  ipcbench show quick.ipcbench.json.journal.jsonl        what a killed run had measured)";

struct ShowArguments {
  std::string file;
  std::string format = "table";
  std::string hgrm;
};

const CaseRecord& case_of(const Result& result, const std::string& id) {
  std::vector<std::string> ids;
  for (const CaseRecord& record : result.cases) {
    if (record.id == id) return record;
    ids.push_back(record.id);
  }
  throw UsageError(fmt::format("--hgrm: no case '{}' in this result{}", id, suggestion(id, ids)));
}

int show(const ShowArguments& arguments, const Globals& globals) {
  const Result result = load_stored_result(arguments.file);
  if (!arguments.hgrm.empty())
    print(to_hgrm(case_of(result, arguments.hgrm)));
  else
    print(text_of(result, table_format_named(arguments.format), use_color(globals.color_when(), STDOUT_FILENO)));
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
  app->add_option("--hgrm", arguments->hgrm, "one case's round-trip percentiles, as HdrHistogram's tools read them")
      ->option_text("CASE")
      ->excludes(format);
  return {app, [arguments, &globals] { return show(*arguments, globals); }};
}

}  // namespace ipcbench
