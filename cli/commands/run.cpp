#include <memory>

#include "cli/commands/measured_run.h"
#include "cli/commands/ranked_run.h"
#include "cli/options/subcommands.h"
#include "cli/output/result_text.h"

namespace ipcbench {
namespace {

constexpr const char* kRunExamples = R"(Examples:
  ipcbench run
  ipcbench run standard -o standard.ipcbench.json
  ipcbench run --transport pipe,unix-stream --size 64,64KiB --placement same-cpu
  ipcbench run --scenario ping-pong --wait block,spin --cpus 2,3 --passes 15
  ipcbench run --filter 'sysv|posix' --filter -spin
  ipcbench run standard --budget 5min
  ipcbench run --transport pipe --precision 2% --budget 10min
  ipcbench run my-suite.toml --option capacity=1MiB --seed 42
  ipcbench run --resume standard.ipcbench.json
  srun ipcbench run quick --ranked -o results

The sources' table with its figures is printed on stdout. Ctrl-C ends the run after the launch in hand and saves what was measured, for
--resume to finish; a second one ends it at once.)";

int run(const RunFlags& flags, const RankedFlags& ranked, const Globals& globals) {
  const MeasuringCommand command{.name = "run", .text = [](const Result& result, bool color) {
                                   return format_result(result, TableFormat::text, color);
                                 }};
  return ranked.ranked ? measure_ranked(command, flags, ranked, globals) : measure_run(command, flags, globals);
}

}  // namespace

Subcommand add_run(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand(
      "run", "measures a suite, prints the sources' table with its figures, writes the result file");
  app->footer(kRunExamples);
  auto flags = std::make_shared<RunFlags>();
  flags->arguments.add_to(*app);
  add_run_flags_to(*app, *flags);
  auto ranked = std::make_shared<RankedFlags>();
  add_ranked_to(*app, *ranked);
  return {app, [flags, ranked, &globals] { return run(*flags, *ranked, globals); }};
}

}  // namespace ipcbench
