#include "cli/commands/report.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/options/command_line.h"
#include "cli/options/subcommands.h"
#include "cli/output/result_name.h"
#include "cli/output/result_text.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/files/output_file.h"
#include "plots/charts/charts.h"
#include "plots/charts/static_charts.h"
#include "plots/exports/exports.h"
#include "plots/page/page.h"
#include "plots/table/table_chinese.h"
#include "plots/tables/result_tables.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReportExamples = R"(Examples:
  ipcbench report quick.ipcbench.json                     quick.html beside it: one file that needs nothing else
  ipcbench report quick.ipcbench.json -o report.html
  ipcbench report quick.ipcbench.json -o quick            a folder: quick/index.html, its tables as CSV and Markdown,
                                                          percentiles, gnuplot and Google Benchmark data
  ipcbench report old.json new.json                       the charts of both over each other
  ipcbench report quick.ipcbench.json --format table      in the terminal: the sources' table, measured, comes first
  ipcbench report quick.ipcbench.json --lang zh --format markdown > quick.md
  ipcbench report quick.ipcbench.json --reference pipe    with every figure as a multiple of the pipe's in its tables
  ipcbench report quick.ipcbench.json --charts charts     SVG and PNG, drawn by gnuplot

Paths of what was written are printed on stderr; stdout stays empty, unless a format for it is asked for.)";

constexpr std::string_view kPageFormat = "html";

struct ReportArguments {
  std::vector<std::string> files;
  std::string output;
  std::string format{kPageFormat};
  std::string language{kLanguageNames.front()};
  std::string charts;
  std::string exports;
  std::string reference;

  Language page_language() const { return *parse_language(language); }
  // --charts and --exports replace the page unless -o asks for it.
  bool needs_page() const noexcept { return (charts.empty() && exports.empty()) || !output.empty(); }
};

struct StoredResults {
  StoredResults(const std::vector<std::string>& files, const std::string& reference) {
    results.reserve(files.size());
    for (const std::string& file : files) {
      results.push_back(load_stored_result(file));
      compared.emplace_back(results.back());
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
      references.push_back(reference_in(results[i], reference, printable(files[i])));
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
      std::string name = name_of_result(files[i]);
      const auto taken = [&](const PageRun& run) { return run.name == name; };
      for (int n = 2; std::any_of(runs.begin(), runs.end(), taken); ++n) {
        name = fmt::format("{} ({})", name_of_result(files[i]), n);
      }
      runs.push_back({name, &compared[i], references[i] ? &*references[i] : nullptr});
    }
  }
  std::vector<Result> results;
  std::vector<ComparedResult> compared;  // one per result, as are the references
  std::vector<std::optional<Reference>> references;
  std::vector<PageRun> runs;
};

std::string default_page(const std::vector<std::string>& files) {
  std::string name = name_of_result(files.front());
  if (files.size() > 1) name += fmt::format("-and-{}-more", files.size() - 1);
  return (fs::path(files.front()).parent_path() / (name + ".html")).string();
}

bool names_a_page(const std::string& path) { return path.ends_with(".html") || path.ends_with(".htm"); }

// Returns whether -o names a folder, which gets everything. A page, pipe or device gets only the page.
bool names_a_folder(const std::string& output) {
  if (output.empty() || is_stdout(output) || names_a_page(output)) return false;
  if (fs::is_regular_file(output)) {
    throw UsageError(
        fmt::format("-o {}: this file is there and no page; give a folder or a name that ends in .html", output));
  }
  return !fs::exists(output) || fs::is_directory(output);
}

// Turns errors that a wrong name causes into UsageError; a full disk stays a system error.
template <class F>
auto or_usage_error(const F& write) {
  try {
    return write();
  } catch (const std::system_error& error) {
    constexpr std::array kNames = {ENOENT, ENOTDIR, EISDIR, EACCES, EPERM, EROFS, ENAMETOOLONG, ELOOP, EEXIST, ENXIO};
    if (std::find(kNames.begin(), kNames.end(), error.code().value()) != kNames.end()) throw UsageError(error.what());
    throw;
  }
}

// Returns the tables of all results in turn, with the results' names if there are several.
std::vector<Table> tables_of(const std::vector<PageRun>& runs, Language language) {
  std::vector<Table> all;
  for (const PageRun& run : runs) {
    for (Table& table : result_tables(*run.compared, language, run.reference)) {
      if (language == Language::chinese) table = in_chinese(std::move(table));
      if (runs.size() > 1) {
        table.id = fmt::format("{}/{}", run.name, table.id);
        table.title = fmt::format("{}: {}", run.name, table.title);
      }
      all.push_back(std::move(table));
    }
  }
  return all;
}

// Returns every figure of every case; several results add a column for the result.
Table cases_of(const std::vector<PageRun>& runs) {
  Table all = case_table(runs.front().compared->result, runs.front().reference);
  if (runs.size() == 1) return all;
  all.columns.insert(all.columns.begin(), Column{"result", "result"});
  all.parts = {TablePart{}};
  for (const PageRun& run : runs) {
    Table cases = case_table(run.compared->result, run.reference);
    for (auto& row : cases.parts.front().rows) {
      row.insert(row.begin(), Cell{run.name});
      all.parts.front().rows.push_back(std::move(row));
    }
  }
  return all;
}

std::string text_in(TableFormat format, const std::vector<PageRun>& runs, Language language, bool color) {
  if (format == TableFormat::csv) return to_csv(cases_of(runs));
  return format_tables(tables_of(runs, language), format, color);
}

// Draws charts for readers without scripts. The page does without them if gnuplot is missing or fails.
std::vector<StaticChart> drawings_of(const std::vector<PageRun>& runs) {
  if (runs.size() > 1) return {};
  try {
    return static_charts(*runs.front().compared);
  } catch (const std::system_error& error) {
    tell(fmt::format("note: the page has no charts for readers without scripts: {}", error.what()));
    return {};
  }
}

// Writes one result into `folder`, or several into a subfolder each. `write` is write_charts() or write_exports().
template <class F>
void write_each(const std::vector<PageRun>& runs, const std::string& folder, const F& write) {
  std::size_t files = 0;
  for (const PageRun& run : runs) {
    const std::string place = runs.size() == 1 ? folder : folder + '/' + export_name(run.name);
    files += or_usage_error([&] { return write(run, place); }).size();
  }
  tell(fmt::format("{} files in {}", files, printable(folder)));
}

void write_all_exports(const std::vector<PageRun>& runs, const std::string& folder, Language language) {
  write_each(runs, folder, [&](const PageRun& run, const std::string& place) {
    return write_exports(*run.compared, place, language, run.reference);
  });
}

void write_page(const ReportArguments& arguments, const std::vector<PageRun>& runs) {
  const bool is_folder = or_usage_error([&] { return names_a_folder(arguments.output); });
  std::string path = arguments.output.empty() ? default_page(arguments.files) : arguments.output;
  if (is_folder) {
    or_usage_error([&] { return fs::create_directories(path); });
    path = (fs::path(path) / "index.html").string();
  }
  const std::string page = to_page(runs, {.language = arguments.page_language(), .static_charts = drawings_of(runs)});
  or_usage_error([&] { write_output(path, page); });
  if (!is_stdout(path)) tell(path);
  if (is_folder) write_all_exports(runs, arguments.output, arguments.page_language());
}

int report(const ReportArguments& arguments, const Globals& globals) {
  const StoredResults stored(arguments.files, arguments.reference);
  if (!arguments.charts.empty()) {
    write_each(stored.runs, arguments.charts,
               [](const PageRun& run, const std::string& folder) { return write_charts(*run.compared, folder); });
  }
  if (!arguments.exports.empty()) write_all_exports(stored.runs, arguments.exports, arguments.page_language());
  if (arguments.format == kPageFormat) {
    if (arguments.needs_page()) write_page(arguments, stored.runs);
    return 0;
  }
  const bool to_stdout = arguments.output.empty() || is_stdout(arguments.output);
  const bool color = to_stdout && use_color(globals.color_when(), STDOUT_FILENO);
  const std::string text = text_in(parse_table_format(arguments.format), stored.runs, arguments.page_language(), color);
  if (to_stdout) {
    print(text);
  } else {
    or_usage_error([&] { write_output(arguments.output, text); });
    tell(arguments.output);
  }
  return 0;
}

std::vector<std::string> report_formats() {
  std::vector<std::string> formats = {std::string(kPageFormat)};
  for (std::string& name : table_format_names()) formats.push_back(std::move(name));
  return formats;
}

}  // namespace

std::string write_report(const Result& result, const std::string& file) {
  std::string path = default_page({file});
  const ComparedResult compared(result);
  const PageRun run{name_of_result(file), &compared, nullptr};
  write_file_atomically(path, to_page({&run, 1}, {.static_charts = drawings_of({run})}));
  return path;
}

Subcommand add_report(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("report", "makes a page of charts and tables from stored results");
  app->footer(kReportExamples);
  auto arguments = std::make_shared<ReportArguments>();
  app->add_option("RESULT", arguments->files, "result files or journals; several are drawn over each other")
      ->required()
      ->expected(1, 64);
  app->add_option("-o,--output", arguments->output,
                  "the page, FILE.html or - for stdout, or a folder for it and all data; default: beside the result")
      ->check(not_empty())
      ->option_text("PATH");
  app->add_option("--format", arguments->format, "html (default), or on stdout table, markdown, csv or json")
      ->check(one_of(report_formats()))
      ->option_text("FORMAT");
  app->add_option("--lang", arguments->language,
                  "of tables, and what the page shows first, which holds both: en (default) or zh")
      ->check(one_of({kLanguageNames.begin(), kLanguageNames.end()}))
      ->option_text("LANGUAGE");
  add_reference_to(*app, arguments->reference);
  app->add_option("--charts", arguments->charts,
                  "draws the charts into this folder (needs gnuplot); no page without -o")
      ->check(not_empty())
      ->option_text("DIR");
  app->add_option("--export", arguments->exports,
                  "writes tables and data for other programs into this folder; no page without -o")
      ->check(not_empty())
      ->option_text("DIR");
  return {app, [arguments, &globals] { return report(*arguments, globals); }};
}

}  // namespace ipcbench
