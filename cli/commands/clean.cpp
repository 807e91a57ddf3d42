#include <memory>
#include <string>

#include "cli/options/subcommands.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/terminal.h"
#include "harness/run_dir/run_dir.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

constexpr const char* kCleanExamples = R"(Examples:
  ipcbench clean                      removes what killed runs of this user left, and says what
  ipcbench clean --dry-run            only says what it would remove
  ipcbench clean --json               {dry_run, runs, failed, lines}

Runs that still live are left alone. `ipcbench run` does the same at its start. Exit code 70 if something could not be
removed.)";

struct CleanArguments {
  bool dry_run = false;
  bool json = false;
};

int clean(const CleanArguments& arguments) {
  const RunDir::Cleaned cleaned = RunDir::clean_dead_runs(arguments.dry_run);
  if (arguments.json) {
    JsonWriter json(kTreeJson);
    json.object([&] {
      json.member("dry_run", arguments.dry_run);
      json.member("runs", cleaned.runs);
      json.member("failed", cleaned.failed);
      json.member("lines", cleaned.lines);
    });
    print(json.take() + "\n");
  } else {
    for (const std::string& line : cleaned.lines) print(line + "\n");
  }
  if (cleaned.lines.empty()) tell("nothing is left of dead runs");
  return cleaned.failed > 0 ? kExitInternal : 0;
}

}  // namespace

Subcommand add_clean(CLI::App& program, const Globals&) {
  CLI::App* app = program.add_subcommand("clean", "removes what killed runs left behind");
  app->footer(kCleanExamples);
  auto arguments = std::make_shared<CleanArguments>();
  app->add_flag("--dry-run", arguments->dry_run, "say what would be removed, remove nothing");
  app->add_flag("--json", arguments->json, "one JSON document");
  return {app, [arguments] { return clean(*arguments); }};
}

}  // namespace ipcbench
