#include "harness/run/plan.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "cli/listing.h"
#include "cli/run_arguments.h"
#include "cli/subcommands.h"
#include "cli/terminal.h"
#include "harness/run/duration.h"

namespace ipcbench {
namespace {

constexpr const char* kPlanExamples = R"(Examples:
  ipcbench plan standard
  ipcbench plan --transport pipe --size 64,1MiB --passes 15

The arguments are those of run.)";

int plan(const RunArguments& arguments, const Globals& globals) {
  arguments.payload();  // refused here as `run` would
  const Plan plan = arguments.plan(Topology::of_this_machine());
  std::vector<std::vector<std::string>> runs;
  std::vector<std::vector<std::string>> skipped;
  for (const PlannedCase& planned : plan.cases) {
    if (planned.skip_reason.empty())
      runs.push_back({planned.spec.id(), format_cpus(planned.cpus)});
    else
      skipped.push_back({planned.spec.id(), planned.skip_reason});
  }
  const PlanTime time = estimate(plan);
  const Table times = listing(fmt::format("Time: about {}", format_duration(time.total)), {"part", "time"},
                              {{"floors, noise, clock", format_duration(time.fixed)},
                               {"pilot pass", format_duration(time.pilot)},
                               {"launches", format_duration(time.launches)},
                               {"reserve for repeats", format_duration(time.reserve)},
                               {"system calls", format_duration(time.calls)},
                               {"memory", format_duration(time.memory)}});

  std::string text =
      text_of({listing("Measured", {"id", "CPUs"}, runs), listing("Skipped", {"id", "reason"}, skipped), times},
              use_color(globals.color_when(), STDOUT_FILENO));
  text += fmt::format("\n{}: {} cases, {} launches each, blocks of {}\n", plan.suite.name, runs.size(), plan.passes,
                      format_duration(plan.block));
  for (const std::string& note : plan.notes) text += fmt::format("note: {}\n", note);
  print(text);
  return 0;
}

}  // namespace

Subcommand add_plan(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("plan", "shows what run would measure, and how long that takes");
  app->footer(kPlanExamples);
  auto arguments = std::make_shared<RunArguments>();
  arguments->add_to(*app);
  return {app, [arguments, &globals] { return plan(*arguments, globals); }};
}

}  // namespace ipcbench
