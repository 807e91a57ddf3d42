#include <cstdio>

#include "cli/progress_line.h"
#include "cli/subcommands.h"
#include "harness/run/selftest.h"
#include "harness/run/stop.h"

namespace ipcbench {

Subcommand add_selftest(CLI::App& program, const Globals&) {
  CLI::App* app = program.add_subcommand("selftest", "shows the harness transports that lie, and says what it caught");
  app->footer(R"(Examples:
  ipcbench selftest

Exit codes: 0 if every lie was caught, 4 if not.)");
  return {app, [] {
            install_stop_signals();
            ProgressLine line;
            return run_selftest(line, stdout);
          }};
}

}  // namespace ipcbench
