#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "cli/commands/fact_records.h"
#include "cli/commands/report.h"
#include "cli/options/command_line.h"
#include "cli/options/paired_job.h"
#include "cli/options/run_arguments.h"
#include "cli/options/subcommands.h"
#include "cli/output/result_text.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "harness/base/io.h"
#include "harness/base/usage_error.h"
#include "harness/files/output_file.h"
#include "harness/plan/plan_time.h"
#include "harness/process/stop_signals.h"
#include "harness/run/runner.h"
#include "harness/run/stored_run.h"
#include "harness/run_dir/run_dir.h"
#include "harness/suite/duration.h"
#include "results/files/json.h"
#include "results/model/utf8.h"

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

The sources' table with its figures is printed on stdout. Ctrl-C ends the run after the launch in hand and saves what was measured, for
--resume to finish; a second one ends it at once.)";

struct RunFlags {
  RunArguments arguments;
  std::string resume;
  std::string progress = "auto";
  bool report = false;
  std::string path_file;  // the result's path is written to this file; "": none
};

void clean_what_dead_runs_left(RunObserver& observer) {
  const RunDir::Cleaned cleaned = RunDir::clean_dead_runs();
  for (const std::string& line : cleaned.lines) observer.note(fmt::format("left by a killed run: {}", line));
}

std::string resume_command(const std::string& output, const Globals& globals) {
  return fmt::format("{} run --resume {}", shell_quoted(globals.program), shell_quoted(output));
}

// Tells how to resume when the system fails in the middle of a run: a full disk or another process can be fixed.
template <class Measure>
Result measure_or_say_how_to_go_on(const std::string& output, ProgressReporter& progress, const Globals& globals,
                                   Measure measure) {
  try {
    return measure();
  } catch (const std::system_error&) {
    const std::string journal = journal_path(output);
    if (std::error_code ignored; std::filesystem::exists(journal, ignored)) {
      progress.note(fmt::format("what was measured is in {}; to go on: {}", journal, resume_command(output, globals)));
    }
    throw;
  }
}

// Writes the page. The result is stored by now, so that a failure is only noted: the page can be made again.
void make_report(const Result& result, const std::string& output, ProgressReporter& progress) {
  try {
    progress.note(fmt::format("report: {}", write_report(result, output)));
  } catch (const std::exception& error) {
    progress.note(fmt::format("no report: {}; ipcbench report {} tries again", error.what(), shell_quoted(output)));
  }
}

// Prints only the result's JSON to stdout. The journal stays until the last byte is written, or the run is finished.
int end_on_stdout(const Result& result, const std::string& output, ProgressReporter& progress, const Globals& globals) {
  progress.measured();
  const std::string again = resume_command(output, globals);
  bool written = false;
  if (result.complete || !stop_now()) {
    try {
      write_all(STDOUT_FILENO, to_json(result), "stdout");
      written = true;
    } catch (const std::system_error&) {
      tell(fmt::format("what was measured is in {}; to have it in a file: {}", journal_path(output), again));
      throw;
    }
  }
  if (written && result.complete) {
    std::error_code ignored;
    std::filesystem::remove(journal_path(output), ignored);
  }
  progress.ended({.output = "-", .saved = written, .resume = result.complete ? "" : again});
  return exit_code_of(result);
}

// Writes the result's path to a file for scripts, which can't know the default name.
void tell_path(const RunFlags& flags, const std::string& output) {
  if (flags.path_file.empty()) return;
  const std::filesystem::path path = std::filesystem::absolute(output).lexically_normal();
  write_file_atomically(flags.path_file, path.string() + '\n');
}

int end_run(const Result& result, const std::string& output, const RunFlags& flags, ProgressReporter& progress,
            const Globals& globals) {
  const bool saved = result.complete || !stop_now();  // a signal after the end changes nothing
  progress.measured();
  RunEnd end{.output = output, .saved = saved};
  if (!result.complete) end.resume = resume_command(output, globals);
  try {
    if (saved) print(format_result(result, TableFormat::text, use_color(globals.color_when(), STDOUT_FILENO)));
  } catch (const std::system_error&) {  // the tables can be shown again
    progress.ended(end);
    throw;
  }
  if (flags.report && saved) make_report(result, output, progress);
  progress.ended(end);
  if (saved) tell_path(flags, output);
  return exit_code_of(result);
}

int run_new(const RunFlags& flags, ProgressReporter& progress, const Globals& globals) {
  const RunArguments& arguments = flags.arguments;
  if (flags.report && arguments.writes_to_stdout())
    throw UsageError("--report: the page stands beside the result; name its file with --output FILE");
  clean_what_dead_runs_left(progress);
  const Topology topology = Topology::of_this_machine();
  Plan plan = arguments.plan(topology);
  const RunOptions options{.payload = arguments.payload(),
                           .seed = arguments.seed(),
                           .output = arguments.output(plan.suite),
                           .writes_result = !arguments.writes_to_stdout(),
                           .command = globals.command,
                           .add_facts = add_facts};
  for (const std::string& note : plan.notes) progress.note(fmt::format("note: {}", note));
  const auto runnable = std::count_if(plan.cases.begin(), plan.cases.end(),
                                      [](const PlannedCase& planned) { return planned.skip_reason.empty(); });
  const std::chrono::nanoseconds expected = estimate(plan).expected();
  const std::string time = plan.looks.empty() ? fmt::format("about {}", format_duration(expected))
                                              : fmt::format("at least {}, at most {}", format_duration(expected),
                                                            format_duration(expected + longest_going_on(plan)));
  progress.note(fmt::format("{}: {} cases, {} launches each, {}; seed {}", plan.suite.name, runnable, plan.passes, time,
                            options.seed));

  if (!options.writes_result) progress.note(fmt::format("journal: {}", journal_path(options.output)));

  install_stop_signals();
  const Result result = measure_or_say_how_to_go_on(
      options.output, progress, globals, [&] { return run_plan(std::move(plan), topology, options, progress); });
  if (!options.writes_result) return end_on_stdout(result, options.output, progress, globals);
  return end_run(result, options.output, flags, progress, globals);
}

int resume(const RunFlags& flags, ProgressReporter& progress, const Globals& globals) {
  if (const std::vector<std::string> given = flags.arguments.given(); !given.empty()) {
    throw UsageError(
        fmt::format("--resume takes suite and options from {}; leave out {}", flags.resume, fmt::join(given, ", ")));
  }
  const Topology topology = Topology::of_this_machine();
  StoredRun stored = open_stored_run(flags.resume, topology);
  clean_what_dead_runs_left(progress);
  std::size_t launches = 0;
  for (const CaseRecord& c : stored.result.cases) launches += c.launches.size();
  progress.note(fmt::format("{}: resumed with {} launches measured; seed {}", printable(stored.result.suite), launches,
                            stored.result.seed));

  install_stop_signals();
  const std::string output = stored.output;
  const Result result = measure_or_say_how_to_go_on(output, progress, globals,
                                                    [&] { return resume_run(std::move(stored), topology, progress); });
  return end_run(result, output, flags, progress, globals);
}

int run(const RunFlags& flags, const Globals& globals) {
  const std::unique_ptr<ProgressReporter> progress = make_progress(parse_progress_mode(flags.progress));
  if (flags.resume.empty()) return run_new(flags, *progress, globals);
  return comparable_or_code([&] { return resume(flags, *progress, globals); });
}

}  // namespace

Subcommand add_run(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand(
      "run", "measures a suite, prints the sources' table with its figures, writes the result file");
  app->footer(kRunExamples);
  auto flags = std::make_shared<RunFlags>();
  flags->arguments.add_to(*app);
  app->add_option("--resume", flags->resume, "finish this stopped or killed run: its result file or its journal")
      ->check(not_empty())
      ->option_text("FILE")
      ->group("How");
  add_progress_to(*app, flags->progress);
  app->add_flag("--report", flags->report, "make the report's page beside the result, too")->group("How");
  app->add_option("--path-file", flags->path_file, "for scripts: the path of the result is written there")
      ->check(not_empty())
      ->option_text("FILE")
      ->group("How");
  return {app, [flags, &globals] { return run(*flags, globals); }};
}

}  // namespace ipcbench
