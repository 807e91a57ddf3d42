#include <cstdio>

#include <fmt/format.h>

#include "cli/exit_code.h"
#include "cli/progress_line.h"
#include "cli/subcommands.h"
#include "harness/run/selftest.h"
#include "harness/run/stop.h"

namespace ipcbench {
namespace {

constexpr int kExitInterrupted = 130;

void print(const SelfCheck& check) {
  fmt::print("{}  {}: {}\n", check.passed ? "caught" : "MISSED", check.name, check.seen);
  if (!check.passed) fmt::print("        expected {}\n", check.expected);
}

int selftest() {
  install_stop_signals();
  ProgressLine line;
  const SelftestReport report = run_selftest(Topology::of_this_machine(), &line);
  line.clear();
  for (const SelfCheck& check : report.checks) print(check);
  if (report.stopped) return kExitInterrupted;
  return report.passed() ? 0 : kExitInvalid;
}

}  // namespace

Subcommand add_selftest(CLI::App& program, const Globals&) {
  CLI::App* app = program.add_subcommand("selftest", "shows the harness transports that lie, and says what it caught");
  app->footer(R"(Examples:
  ipcbench selftest

Exit codes: 0 if every lie was caught, 4 if not.)");
  return {app, selftest};
}

}  // namespace ipcbench
