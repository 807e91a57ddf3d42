#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "cli/options/command_line.h"
#include "cli/options/subcommands.h"
#include "cli/output/result_name.h"
#include "cli/output/result_text.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/files/output_file.h"
#include "results/figures/summary_form.h"
#include "results/files/json.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSummariseExamples = R"(Examples:
  ipcbench summarise quick.ipcbench.json -o quick.summary.json.zst
  ipcbench summarise results/*.ipcbench.json -o summaries         a folder: summaries/quick.summary.json.zst
  ipcbench summarise run.ipcbench.json -o -                       on stdout

The summary form has the figures of each launch, and no histograms. Every command that reads results reads it; only
percentiles of pooled histograms (show --hgrm, the latency charts) need the result that it was made from.)";

struct SummariseArguments {
  std::vector<std::string> files;
  std::string output;
};

// Derives "quick.summary.json.zst" from "results/quick.ipcbench.json.zst".
std::string summary_name(const std::string& file) { return name_of_result(file) + ".summary.json.zst"; }

// Several results, and what is a folder or ends in a slash, get a file each in it.
bool names_a_folder(const SummariseArguments& arguments) {
  return arguments.files.size() > 1 || arguments.output.ends_with('/') || fs::is_directory(arguments.output);
}

void make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder)) {
    throw UsageError(fmt::format("-o {}: no folder can be made there: {}; several results need one", printable(folder),
                                 error ? error.message() : "a file has this name"));
  }
}

std::vector<std::string> outputs_of(const SummariseArguments& arguments) {
  if (!names_a_folder(arguments)) return {arguments.output};
  if (is_stdout(arguments.output))
    throw UsageError(
        fmt::format("-o {}: stdout holds one result; name a folder for {}", arguments.output, arguments.files.size()));
  make_folder(arguments.output);
  std::vector<std::string> outputs;
  for (const std::string& file : arguments.files) {
    const std::string output = (fs::path(arguments.output) / summary_name(file)).string();
    for (std::size_t n = 0; n < outputs.size(); ++n) {
      if (outputs[n] == output) {
        throw UsageError(fmt::format("{} and {} would both be {}; give each a folder of its own",
                                     printable(arguments.files[n]), printable(file), printable(output)));
      }
    }
    outputs.push_back(output);
  }
  return outputs;
}

int summarise_files(const SummariseArguments& arguments) {
  const std::vector<std::string> outputs = outputs_of(arguments);
  for (std::size_t n = 0; n < outputs.size(); ++n) {
    std::error_code none;
    if (fs::equivalent(arguments.files[n], outputs[n], none)) {
      throw UsageError(fmt::format("-o {}: this is the result itself, and its histograms would be lost; name another",
                                   printable(outputs[n])));
    }
    Result result = load_stored_result(arguments.files[n]);
    to_summary_form(result);
    if (is_stdout(outputs[n])) {
      print(to_json(result));
      continue;
    }
    check_output(outputs[n]);
    write_file_atomically(outputs[n], to_json(result), Packing::small);
    tell(outputs[n]);
  }
  return 0;
}

}  // namespace

Subcommand add_summarise(CLI::App& program, const Globals&) {
  CLI::App* app = program.add_subcommand("summarise", "reduces results to their figures, a quarter as large");
  app->footer(kSummariseExamples);
  auto arguments = std::make_shared<SummariseArguments>();
  app->add_option("RESULT", arguments->files, "result files or journals")->required();
  app->add_option("-o,--output", arguments->output,
                  "a file, compressed if its name ends in .zst, - for stdout, or a folder, needed for several results")
      ->required()
      ->check(not_empty())
      ->option_text("PATH");
  return {app, [arguments] { return summarise_files(*arguments); }};
}

}  // namespace ipcbench
