#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>

#include <fmt/core.h>

#include "cli/progress_line.h"
#include "cli/result_text.h"
#include "cli/run_arguments.h"
#include "cli/subcommands.h"
#include "cli/terminal.h"
#include "harness/os/run_dir.h"
#include "harness/run/duration.h"
#include "harness/run/runner.h"

namespace ipcbench {
namespace {

constexpr const char* kRunExamples = R"(Examples:
  ipcbench run
  ipcbench run standard -o standard.ipcbench.json
  ipcbench run --transport pipe,unix-stream --size 64,64KiB --placement same-cpu
  ipcbench run --scenario ping-pong --wait block,spin --cpus 2,3 --passes 15
  ipcbench run --filter 'sysv|posix' --filter -spin
  ipcbench run my-suite.toml --option capacity=1MiB --seed 42

The comparison is printed on stdout. Ctrl-C ends the run after the launch in hand and saves what was measured.)";

void clean_what_dead_runs_left() {
  const RunDir::Cleaned cleaned = RunDir::clean_dead_runs();
  for (const std::string& line : cleaned.lines) tell(fmt::format("left by a killed run: {}", line));
}

int run(const RunArguments& arguments, const Globals& globals) {
  clean_what_dead_runs_left();
  const Topology topology = Topology::of_this_machine();
  Plan plan = arguments.plan(topology);
  const RunOptions options{.payload = arguments.payload(),
                           .seed = arguments.seed(),
                           .output = arguments.output(plan.suite),
                           .command = globals.command};
  for (const std::string& note : plan.notes) tell(fmt::format("note: {}", note));
  const auto runnable = std::count_if(plan.cases.begin(), plan.cases.end(),
                                      [](const PlannedCase& planned) { return planned.skip_reason.empty(); });
  tell(fmt::format("{}: {} cases, {} launches each, about {}; seed {}", plan.suite.name, runnable, plan.passes,
                   format_duration(estimate(plan).total), options.seed));

  install_stop_signals();
  ProgressLine line;
  const Result result = run_plan(std::move(plan), topology, options, line);
  line.clear();

  print(text_of(result, TableFormat::text, use_color(globals.color_when(), STDOUT_FILENO)));
  if (!result.complete) tell("interrupted: the tables show what was measured until then");
  tell(fmt::format("result: {}", options.output));
  return exit_code_of(result);
}

}  // namespace

Subcommand add_run(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("run", "measures a suite, prints the comparison, writes the result file");
  app->footer(kRunExamples);
  auto arguments = std::make_shared<RunArguments>();
  arguments->add_to(*app);
  return {app, [arguments, &globals] { return run(*arguments, globals); }};
}

}  // namespace ipcbench
