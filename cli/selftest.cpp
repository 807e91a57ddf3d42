#include "harness/run/selftest.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "cli/exit_code.h"
#include "cli/listing.h"
#include "cli/progress.h"
#include "cli/subcommands.h"
#include "cli/terminal.h"
#include "harness/run/stop.h"

namespace ipcbench {
namespace {

int selftest(const Globals& globals) {
  const Topology topology = Topology::of_this_machine();
  install_stop_signals();
  const std::unique_ptr<ProgressReporter> progress = make_progress(ProgressMode::automatic);
  const SelftestReport report = run_selftest(topology, progress.get());
  progress->measured();

  std::vector<std::vector<std::string>> rows;
  std::size_t passed = 0;
  for (const SelfCheck& check : report.checks) {
    rows.push_back({check.passed ? "ok" : "MISSED", check.name, check.expected, check.seen});
    passed += check.passed ? 1 : 0;
  }
  print(text_of({listing("Transports that lie", {"", "lie", "expected", "seen"}, rows)},
                use_color(globals.color_when(), STDOUT_FILENO)));
  print(fmt::format("\n{} of {} caught\n", passed, report.checks.size()));
  if (report.stopped) return kExitInterrupted;
  return report.passed() ? 0 : kExitInvalid;
}

}  // namespace

Subcommand add_selftest(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("selftest", "shows the harness transports that lie, and says what it caught");
  app->footer(R"(Examples:
  ipcbench selftest

Exit codes: 0 if every lie was caught, 4 if not.)");
  return {app, [&globals] { return selftest(globals); }};
}

}  // namespace ipcbench
