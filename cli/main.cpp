#include <algorithm>
#include <cstdlib>
#include <exception>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "cli/options/command_line.h"
#include "cli/options/subcommands.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/floors/run_pair.h"
#include "harness/launch/worker.h"
#include "harness/plugin/plugins.h"
#include "harness/process/reset_inherited.h"
#include "harness/run/build_info.h"
#include "harness/sdk/injection.h"

namespace ipcbench {
namespace {

constexpr const char* kExamples = R"(Examples:
  ipcbench run                                    the suite "quick": about two minutes
  ipcbench run --transport pipe,unix-stream --size 64,64KiB
  ipcbench plan standard                          what it would measure, and how long that takes
  ipcbench list                                   what there is, and what can't run here
  ipcbench show FILE                              the tables of a stored result
  ipcbench report FILE                            a page of charts and tables, for a browser
  ipcbench claims FILE                            what is claimed of the mechanisms, judged by a result
  ipcbench ab --base OLD --head NEW               whether a build is slower than another
  ipcbench recommend --size 4KiB --pattern stream which mechanism for what, by the newest result here
  ipcbench doctor                                 what makes this machine's numbers wrong or noisy

Exit codes: 0 fine, 1 a regression or a failed check, 2 usage, 3 too noisy to decide (--strict), 4 a measurement is invalid, 5 not
comparable, 70 internal error, 77 everything was skipped, 130 interrupted (what was measured is saved). Data goes to
stdout, everything else to stderr.)";

std::string version_text() {
  const BuildInfo build = build_info();
  return fmt::format("ipcbench {}\nrevision {}\ncompiler {} ({})\nbuild    {}", build.version, build.git,
                     build.compiler, build.flags, build.build_type);
}

// Returns the command line as results store it: cut at 64 KiB.
std::string command_of(int argc, char** argv) {
  constexpr std::size_t kLongest = std::size_t{64} << 10;
  std::string command;
  for (int n = 0; n < argc; ++n) {
    if (n > 0) command += ' ';
    command += shell_quoted(argv[n]);
    if (command.size() > kLongest) return command.substr(0, kLongest) + " ...";
  }
  return command;
}

// Removes the double gaps that CLI11 leaves after groups of options.
std::string without_double_gaps(std::string text) {
  for (std::size_t at = text.find("\n\n\n"); at != std::string::npos; at = text.find("\n\n\n", at)) text.erase(at, 1);
  return text;
}

void add_color(CLI::App& app, Globals& globals) {
  app.add_option("--color", globals.color, "auto (default: on a terminal, unless NO_COLOR is set), always, never")
      ->check(one_of({"auto", "always", "never"}))
      ->option_text("WHEN");
}

void add_repeatable(CLI::App& app, const char* flag, const char* takes, std::vector<std::string>& values,
                    const char* text) {
  app.add_option(flag, values, text)->check(not_empty())->option_text(takes)->allow_extra_args(false);
}

void add_foreign(CLI::App& app, Globals& globals) {
  add_repeatable(app, "--plugin", "FILE", globals.plugins,
                 "a library with transports of its own: docs/plugins.md; may be repeated");
  add_repeatable(app, "--worker", "COMMAND", globals.workers,
                 "a program that consumes or answers in another language, as 'python3 worker.py': "
                 "docs/foreign-workers.md; may be repeated");
}

int run_program(int argc, char** argv) {
  Globals globals{.command = command_of(argc, argv), .program = argc > 0 ? argv[0] : "ipcbench"};
  CLI::App app{"Measures the inter-process communication mechanisms of Linux on this machine.", "ipcbench"};
  app.set_version_flag("--version", version_text, "version, git revision, compiler and build type");
  app.footer(kExamples);
  // A second subcommand's name is an argument of the first: `ipcbench show list` shows a file.
  app.require_subcommand(0, 1);
  add_color(app, globals);
  add_foreign(app, globals);

  std::vector<Subcommand> subcommands = {
      add_run(app, globals),       add_load(app, globals),      add_find_rate(app, globals),
      add_plan(app, globals),      add_show(app, globals),      add_report(app, globals),
      add_claims(app, globals),    add_recommend(app, globals), add_list(app, globals),
      add_ab(app, globals),        add_check(app, globals),     add_compare(app, globals),
      add_calibrate(app, globals), add_summarise(app, globals), add_fleet(app, globals),
      add_doctor(app, globals),    add_topology(app, globals),  add_clean(app, globals),
      add_gbench(app, globals),    add_conform(app, globals),   add_selftest(app, globals),
      add_worker(app, globals),    add_complete(app, globals),  add_measure_launch(app, globals)};
  app.allow_extras();  // refuse_extras() reports them with better messages
  for (const Subcommand& subcommand : subcommands) {
    subcommand.app->allow_extras();
    add_color(*subcommand.app, globals);
    if (subcommand.knows_transports) add_foreign(*subcommand.app, globals);
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    refuse_extras(app);
    print(without_double_gaps(app.help()));
    return EXIT_SUCCESS;
  } catch (const CLI::CallForVersion& version) {
    refuse_extras(app);
    print(fmt::format("{}\n", version.what()));
    return EXIT_SUCCESS;
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  }
  refuse_extras(app);
  const auto chosen =
      std::ranges::find_if(subcommands, [](const Subcommand& subcommand) { return subcommand.app->parsed(); });
  if (chosen == subcommands.end()) throw UsageError("no subcommand given; see ipcbench --help");
  if (chosen->knows_transports) {
    check_injection();
    add_plugins(globals.plugins);
    add_foreign_workers(globals.workers);
  } else if (!globals.plugins.empty() || !globals.workers.empty()) {
    throw UsageError(fmt::format("{} takes neither --plugin nor --worker", chosen->app->get_name()));
  }
  return chosen->run();
}

}  // namespace
}  // namespace ipcbench

int main(int argc, char** argv) {
  if (ipcbench::is_worker_program(argc, argv)) ipcbench::run_worker_program();
  ipcbench::occupy_closed_streams();
  ipcbench::reset_inherited();
  try {
    return ipcbench::run_program(argc, argv);
  } catch (const ipcbench::UsageError& error) {
    ipcbench::tell(fmt::format("ipcbench: {}", error.what()));
    return ipcbench::kExitUsage;
  } catch (const ipcbench::PairFailed& error) {
    ipcbench::tell(fmt::format("ipcbench: {}; run it again", error.what()));
    return ipcbench::kExitInvalid;
  } catch (const std::system_error& error) {
    // A system call failed: the message names the call and its object.
    ipcbench::tell(fmt::format("ipcbench: {}", error.what()));
    return ipcbench::kExitInternal;
  } catch (const std::exception& error) {
    ipcbench::tell(fmt::format("ipcbench: internal error: {}", error.what()));
    return ipcbench::kExitInternal;
  }
}
