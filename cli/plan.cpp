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
#include "harness/run/plan.h"

namespace ipcbench {
namespace {

constexpr const char* kExamples = R"(Examples:
  ipcbench plan standard
  ipcbench plan --transport pipe --size 64,1MiB --passes 15

The arguments are those of run.)";

int plan(const RunArguments& arguments, const Globals& globals) {
  arguments.payload();  // refused here as `run` would
  const Plan plan = arguments.plan(Topology::of_this_machine());
  Listing runs{.heading = "Measured", .columns = {"id", "CPUs"}, .rows = {}};
  Listing skipped{.heading = "Skipped", .columns = {"id", "reason"}, .rows = {}};
  for (const PlannedCase& planned : plan.cases) {
    if (planned.skip_reason.empty())
      runs.rows.push_back({planned.spec.id(), format_cpus(planned.cpus)});
    else
      skipped.rows.push_back({planned.spec.id(), planned.skip_reason});
  }
  const PlanTime time = estimate(plan);
  const Listing times{.heading = fmt::format("Time: about {}", format_duration(time.total)),
                      .columns = {"part", "time"},
                      .rows = {{"floors, noise, clock", format_duration(time.fixed)},
                               {"pilot pass", format_duration(time.pilot)},
                               {"launches", format_duration(time.launches)},
                               {"reserve for repeats", format_duration(time.reserve)}}};

  const bool color = use_color(globals.color_when(), STDOUT_FILENO);
  std::string text = text_of(runs, color) + text_of(skipped, color) + text_of(times, color);
  text += fmt::format("{}: {} cases, {} launches each, blocks of {}\n", plan.suite.name, runs.rows.size(), plan.passes,
                      format_duration(plan.block));
  for (const std::string& note : plan.notes) text += fmt::format("note: {}\n", note);
  print(text);
  return 0;
}

}  // namespace

Subcommand add_plan(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("plan", "shows what run would measure, and how long that takes");
  app->footer(kExamples);
  auto arguments = std::make_shared<RunArguments>();
  arguments->add_to(*app);
  return {app, [arguments, &globals] { return plan(*arguments, globals); }};
}

}  // namespace ipcbench
