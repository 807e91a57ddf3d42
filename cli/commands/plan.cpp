#include "harness/plan/plan.h"

#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "cli/options/run_arguments.h"
#include "cli/options/subcommands.h"
#include "cli/output/listing.h"
#include "cli/terminal/terminal.h"
#include "harness/plan/plan_time.h"
#include "harness/run/case_records.h"
#include "harness/suite/duration.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

constexpr const char* kPlanExamples = R"(Examples:
  ipcbench plan standard
  ipcbench plan --transport pipe --size 64,1MiB --passes 15
  ipcbench plan standard --budget 5min --precision 2%
  ipcbench plan --transport pipe --option capacity=default --option capacity=1MiB

The arguments are those of run.)";

// Returns the row of a case that has its transport's largest message; else empty.
std::vector<std::string> at_largest_row(const PlannedCase& planned) {
  if (!planned.skip_reason.empty()) return {};
  const CaseRecord record = case_record(planned, PayloadMode::lines);
  const std::string asked = asked_text(record);
  if (asked.empty()) return {};
  return {record.id, asked, record.at_largest->limit};
}

int plan(const RunArguments& arguments, const Globals& globals) {
  const Plan plan = arguments.plan(Topology::of_this_machine());
  std::vector<std::vector<std::string>> runs;
  std::vector<std::vector<std::string>> at_largest;
  std::vector<std::vector<std::string>> skipped;
  for (const PlannedCase& planned : plan.cases) {
    if (std::vector<std::string> row = at_largest_row(planned); !row.empty()) at_largest.push_back(std::move(row));
    if (planned.skip_reason.empty())
      runs.push_back({planned.spec.id(), format_cpus(planned.cpus)});
    else
      skipped.push_back({planned.spec.id(), planned.skip_reason});
  }
  const PlanTime time = estimate(plan);
  std::string title = fmt::format("Time: about {}", format_duration(time.expected()));
  const std::chrono::nanoseconds going_on = longest_going_on(plan);
  if (!plan.looks.empty()) {
    title = fmt::format("Time: at least {}, at most {}", format_duration(time.expected()),
                        format_duration(time.expected() + going_on));
  }
  if (time.reserve.count() > 0) title += fmt::format(", up to {} more for repeats", format_duration(time.reserve));
  const Table times = listing(title, {"part", "time", "messages"},
                              {{"clock, noise, start", format_duration(time.fixed), ""},
                               {"floors", format_duration(time.floors), ""},
                               {"pilot pass", format_duration(time.pilot), format_volume(time.pilot_bytes)},
                               {"launches", format_duration(time.launches), format_volume(time.launch_bytes)},
                               {"reserve for repeats", format_duration(time.reserve), ""},
                               {"system calls", format_duration(time.calls), format_volume(time.calls_bytes)},
                               {"memory", format_duration(time.memory), ""},
                               {"going on, at most", format_duration(going_on), ""}});

  std::string text =
      format_tables({listing("Measured", {"id", "CPUs"}, runs),
                     listing("Measured at their largest", {"id", "asked", "what sets the largest"}, at_largest),
                     listing("Skipped", {"id", "reason"}, skipped), times},
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
