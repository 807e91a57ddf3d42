#include "cli/options/subcommands.h"
#include "cli/terminal/exit_code.h"
#include "harness/base/usage_error.h"

// In the place of gbench.cpp where Google Benchmark is missing.

namespace ipcbench {

Subcommand add_gbench(CLI::App& program, const Globals&) {
  CLI::App* app = program.add_subcommand("gbench", "not built");
  app->group("");
  app->prefix_command();
  // Whatever else is wrong with the line, this comes first.
  app->parse_complete_callback(
      [] { throw UsageError("gbench: not built because Google Benchmark (libbenchmark-dev) was not found"); });
  return {app, [] { return kExitUsage; }};
}

}  // namespace ipcbench
