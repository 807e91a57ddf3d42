#include "cli/options/subcommands.h"
#include "cli/terminal/exit_code.h"
#include "harness/base/usage_error.h"

// Replaces gbench.cpp in a build without Google Benchmark.

namespace ipcbench {

Subcommand add_gbench(CLI::App& program, const Globals&) {
  CLI::App* app = program.add_subcommand("gbench", "not built");
  app->group("");
  app->prefix_command();
  // Runs before any other error in the command line is reported.
  app->parse_complete_callback(
      [] { throw UsageError("gbench: not built because Google Benchmark (libbenchmark-dev) was not found"); });
  return {app, [] { return kExitUsage; }};
}

}  // namespace ipcbench
