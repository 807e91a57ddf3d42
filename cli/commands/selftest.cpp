#include "cli/commands/selftest.h"

#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "cli/options/run_arguments.h"
#include "cli/options/subcommands.h"
#include "cli/output/listing.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "harness/process/stop_signals.h"
#include "harness/selftest/selftest.h"

namespace ipcbench {
namespace {

// By CheckOutcome.
constexpr std::array<std::string_view, 4> kWords = {"ok", "MISSED", "undecided", "skipped"};

struct Arguments {
  std::string workers = "fork";
  bool loads = false;
};

int selftest(const Arguments& arguments, const Globals& globals) {
  const SelftestRequest request{.workers = parse_workers_option(arguments.workers), .checks_loads = arguments.loads};
  const Topology topology = Topology::of_this_machine();
  install_stop_signals();
  const std::unique_ptr<ProgressReporter> progress = make_progress(ProgressMode::automatic);
  const SelftestOutcome found = run_selftest(topology, request, progress.get());
  progress->measured();

  std::vector<std::vector<std::string>> rows;
  std::array<std::size_t, kWords.size()> count{};
  for (const SelfCheck& check : found.checks) {
    const auto outcome = static_cast<std::size_t>(check.outcome);
    rows.push_back({std::string(kWords[outcome]), check.name, check.expected, check.seen});
    ++count[outcome];
  }
  print(format_tables({listing("Faulty transports", {"", "fault", "expected", "seen"}, rows)},
                      use_color(globals.color_when(), STDOUT_FILENO)));
  const auto counted = [&](CheckOutcome outcome) { return count[static_cast<std::size_t>(outcome)]; };
  std::string sum =
      fmt::format("{} of {} caught", counted(CheckOutcome::ok), found.checks.size() - counted(CheckOutcome::skipped));
  if (const std::size_t n = counted(CheckOutcome::missed); n > 0) sum += fmt::format(", {} missed", n);
  if (const std::size_t n = counted(CheckOutcome::undecided); n > 0)
    sum += fmt::format(", {} undecided: the machine is too noisy", n);
  if (const std::size_t n = counted(CheckOutcome::skipped); n > 0) sum += fmt::format(", {} skipped", n);
  if (!arguments.loads) sum += "\nopen loops (scenario rate) were not checked: --loads";
  print(fmt::format("\n{}\n", sum));
  return found.stopped ? kExitInterrupted : exit_code_of(found.worst());
}

}  // namespace

int exit_code_of(CheckOutcome worst) noexcept {
  switch (worst) {
    case CheckOutcome::missed:
      return kExitInvalid;
    case CheckOutcome::undecided:
      return kExitTooNoisy;
    case CheckOutcome::ok:
    case CheckOutcome::skipped:
      break;
  }
  return 0;
}

Subcommand add_selftest(CLI::App& program, const Globals& globals) {
  CLI::App* app =
      program.add_subcommand("selftest", "runs deliberately faulty transports and reports which faults were detected");
  app->footer(R"(Examples:
  ipcbench selftest            ten seconds
  ipcbench selftest --loads    two minutes more: what open loops measure of a side that is stopped

What is read from a clock is measured until an interval decides, for up to 90 s, with --loads up to 3 minutes more.

Exit codes: 0 if every fault was detected, 4 if one was missed, 3 if the machine is too noisy to tell.)");
  auto arguments = std::make_shared<Arguments>();
  add_workers_to(*app, arguments->workers);
  app->add_flag("--loads", arguments->loads,
                "also checks open loops: stopped sides, late pacers, overloads, random schedules");
  return {app, [arguments, &globals] { return selftest(*arguments, globals); }};
}

}  // namespace ipcbench
