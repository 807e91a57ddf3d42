#include "cli/commands/measured_run.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "cli/commands/fact_records.h"
#include "cli/commands/report.h"
#include "cli/options/command_line.h"
#include "cli/options/paired_job.h"
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

void clean_what_dead_runs_left(RunObserver& observer) {
  const RunDir::Cleaned cleaned = RunDir::clean_dead_runs();
  for (const std::string& line : cleaned.lines) observer.note(fmt::format("left by a killed run: {}", line));
}

// Writes the page. The result is stored by now, so that a failure is only noted: the page can be made again.
void make_report(const Result& result, const std::string& output, ProgressReporter& progress) {
  try {
    progress.note(fmt::format("report: {}", write_report(result, output)));
  } catch (const std::exception& error) {
    progress.note(fmt::format("no report: {}; ipcbench report {} tries again", error.what(), shell_quoted(output)));
  }
}

// Writes the result's path to a file for scripts, which can't know the default name.
void tell_path(const RunFlags& flags, const std::string& output) {
  if (flags.path_file.empty()) return;
  const std::filesystem::path path = std::filesystem::absolute(output).lexically_normal();
  write_file_atomically(flags.path_file, path.string() + '\n');
}

class MeasuredRun {
 public:
  MeasuredRun(const MeasuringCommand& command, const RunFlags& flags, const Globals& globals)
      : command_(command),
        flags_(flags),
        globals_(globals),
        progress_(make_progress(parse_progress_mode(flags.progress))) {}

  int measure_new();
  int resume();

 private:
  std::string resume_command(const std::string& output) const {
    return fmt::format("{} {} --resume {}", shell_quoted(globals_.program), command_.name, shell_quoted(output));
  }

  template <class Measure>
  Result measure_or_say_how_to_go_on(const std::string& output, Measure measure);
  void tell_of(const Plan& plan, std::uint64_t seed);
  int end_on_stdout(const Result& result, const std::string& output);
  int end(const Result& result, const std::string& output);

  const MeasuringCommand& command_;
  const RunFlags& flags_;
  const Globals& globals_;
  std::unique_ptr<ProgressReporter> progress_;
};

// Tells how to resume when the system fails in the middle of a run: a full disk or another process can be fixed.
template <class Measure>
Result MeasuredRun::measure_or_say_how_to_go_on(const std::string& output, Measure measure) {
  try {
    return measure();
  } catch (const std::system_error&) {
    const std::string journal = journal_path(output);
    if (std::error_code ignored; std::filesystem::exists(journal, ignored))
      progress_->note(fmt::format("what was measured is in {}; to go on: {}", journal, resume_command(output)));
    throw;
  }
}

// Prints only the result's JSON to stdout. The journal stays until the last byte is written, or the run is finished.
int MeasuredRun::end_on_stdout(const Result& result, const std::string& output) {
  progress_->measured();
  const std::string again = resume_command(output);
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
  progress_->ended({.output = "-", .saved = written, .resume = result.complete ? "" : again});
  return command_.exit_code(result);
}

int MeasuredRun::end(const Result& result, const std::string& output) {
  const bool saved = result.complete || !stop_now();  // a signal after the end changes nothing
  progress_->measured();
  RunEnd end{.output = output, .saved = saved};
  if (!result.complete) end.resume = resume_command(output);
  try {
    if (saved) print(command_.text(result, use_color(globals_.color_when(), STDOUT_FILENO)));
  } catch (const std::system_error&) {  // the tables can be shown again
    progress_->ended(end);
    throw;
  }
  if (flags_.report && saved) make_report(result, output, *progress_);
  progress_->ended(end);
  if (saved) tell_path(flags_, output);
  return command_.exit_code(result);
}

void MeasuredRun::tell_of(const Plan& plan, std::uint64_t seed) {
  for (const std::string& note : plan.notes) progress_->note(fmt::format("note: {}", note));
  const auto runnable = std::ranges::count_if(plan.cases, [](const PlannedCase& c) { return c.skip_reason.empty(); });
  const std::chrono::nanoseconds expected = estimate(plan).expected();
  const std::string time = plan.looks.empty() ? fmt::format("about {}", format_duration(expected))
                                              : fmt::format("at least {}, at most {}", format_duration(expected),
                                                            format_duration(expected + longest_going_on(plan)));
  progress_->note(
      fmt::format("{}: {} cases, {} launches each, {}; seed {}", plan.suite.name, runnable, plan.passes, time, seed));
  if (!command_.promise) return;
  constexpr double kUsualRates = 10, kLaunchOfARateNs = 0.4e9;
  const double ns = static_cast<double>(runnable) * kUsualRates * plan.passes * kLaunchOfARateNs;
  progress_->note(fmt::format("then one rate after the other: some {} of each channel, about {}", kUsualRates,
                              format_duration(whole_ns(ns))));
}

int MeasuredRun::measure_new() {
  const RunArguments& arguments = flags_.arguments;
  if (flags_.report && arguments.writes_to_stdout())
    throw UsageError("--report: the page stands beside the result; name its file with --output FILE");
  clean_what_dead_runs_left(*progress_);
  const Topology topology = Topology::of_this_machine();
  Plan plan = arguments.plan(topology);
  const RunOptions options{.payload = arguments.payload(),
                           .seed = arguments.seed(),
                           .output = arguments.output(plan.suite),
                           .writes_result = !arguments.writes_to_stdout(),
                           .command = globals_.command,
                           .host_name = flags_.host_name,
                           .promise = command_.promise,
                           .add_facts = add_facts};
  tell_of(plan, options.seed);
  if (!options.writes_result) progress_->note(fmt::format("journal: {}", journal_path(options.output)));

  install_stop_signals();
  const Result result = measure_or_say_how_to_go_on(
      options.output, [&] { return run_plan(std::move(plan), topology, options, *progress_); });
  return options.writes_result ? end(result, options.output) : end_on_stdout(result, options.output);
}

int MeasuredRun::resume() {
  if (const std::vector<std::string> given = flags_.arguments.given(); !given.empty() && !flags_.ranked) {
    throw UsageError(
        fmt::format("--resume takes suite and options from {}; leave out {}", flags_.resume, fmt::join(given, ", ")));
  }
  const Topology topology = Topology::of_this_machine();
  StoredRun stored = open_stored_run(flags_.resume, topology);
  clean_what_dead_runs_left(*progress_);
  std::size_t launches = 0;
  for (const CaseRecord& c : stored.result.cases) launches += c.launches.size();
  progress_->note(fmt::format("{}: resumed with {} launches measured; seed {}", printable(stored.result.suite),
                              launches, stored.result.seed));

  install_stop_signals();
  const std::string output = stored.output;
  const Result result =
      measure_or_say_how_to_go_on(output, [&] { return resume_run(std::move(stored), topology, *progress_); });
  return end(result, output);
}

}  // namespace

void add_run_flags_to(CLI::App& app, RunFlags& flags) {
  app.add_option("--resume", flags.resume, "finish this stopped or killed run: its result file or its journal")
      ->check(not_empty())
      ->option_text("FILE")
      ->group("How");
  add_progress_to(app, flags.progress);
  app.add_flag("--report", flags.report, "make the report's page beside the result, too")->group("How");
  app.add_option("--path-file", flags.path_file, "for scripts: the path of the result is written there")
      ->check(not_empty())
      ->option_text("FILE")
      ->group("How");
}

int measure_run(const MeasuringCommand& command, const RunFlags& flags, const Globals& globals) {
  MeasuredRun run(command, flags, globals);
  if (flags.resume.empty()) return run.measure_new();
  return comparable_or_code([&] { return run.resume(); });
}

}  // namespace ipcbench
