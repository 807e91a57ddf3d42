#include "cli/options/paired_job.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "cli/options/command_line.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/process/stop_signals.h"
#include "harness/run/stored_run.h"
#include "harness/run_dir/run_dir.h"
#include "harness/suite/duration.h"
#include "results/compare/ab_decision.h"
#include "results/gate/job_outcome.h"
#include "results/gate/job_steps.h"

namespace ipcbench {
namespace {

std::string rounds_text(const JobStep& step) {
  return fmt::format("{}rounds{}", step.confirms ? "fresh " : "", step.counts ? " that count system calls" : "");
}

std::string cases_text(std::size_t cases) { return fmt::format("{} case{}", cases, cases == 1 ? "" : "s"); }

// Describes the step that begins, for people.
std::string step_text(const JobStep& step, const PairSession& session, double seconds) {
  return fmt::format("going on with {} up to {} {}: about {}", cases_text(step.cases.size()), step.rounds,
                     rounds_text(step), format_duration(whole_ns(1e9 * seconds))) +
         (step.confirms ? fmt::format("; {} pairs", pairs_lacking(session, step)) : "");
}

std::string why_stopped(const JobStep& step, const PairHeader& header, double seconds, const JobBudget& budget) {
  const std::chrono::nanoseconds left = whole_ns(1e9 * seconds);
  // A later look's time is known; it gets a quarter and 10 s more for noise and start-up. Up to the first look, the
  // whole budget is added again.
  const std::chrono::nanoseconds wanted =
      step.is_first(header) ? budget.time : left + left / 4 + std::chrono::seconds(10);
  return fmt::format("the budget of {} is used up: {} to {} {} {}; to go on: {} --budget {}s",
                     format_duration(budget.time), cases_text(step.cases.size()), step.rounds, rounds_text(step),
                     left.count() > 0 ? "would take about " + format_duration(left) : "are not measured", budget.resume,
                     std::chrono::ceil<std::chrono::seconds>(wanted).count());
}

}  // namespace

std::string own_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

std::string utc_timestamp() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return {text.data(), size};
}

void add_progress_to(CLI::App& app, std::string& mode) {
  app.add_option("--progress", mode,
                 "on stderr: auto (a line on a terminal, else plain), plain (a line every 10 s), json, none")
      ->check(one_of(progress_mode_names()))
      ->option_text("MODE")
      ->group("How");
}

void begin_measuring(ProgressReporter& progress) {
  for (const std::string& line : RunDir::clean_dead_runs().lines) {
    progress.note(fmt::format("left by a killed run: {}", line));
  }
  install_stop_signals();
}

std::chrono::nanoseconds limit_of(std::chrono::nanoseconds budget) noexcept { return budget + budget / 10; }

std::string measure_job(PairedRun& run, const NoiseModel* noise, const JobBudget& budget, ProgressReporter& progress) {
  run.prepare();
  const PairSession& session = run.session();
  const bool counts_calls = run.counts_calls();
  progress.note(fmt::format("{}: {} cases, {} rounds of both builds; seed {}", session.header.suite, run.cases().size(),
                            session.header.rounds, session.header.seed));
  const std::size_t counted = counted_cases(session, run.cases()).size();
  run.expect(2 * (counted * static_cast<std::size_t>(counting_rounds(session.header)) +
                  run.cases().size() * static_cast<std::size_t>(session.header.rounds)));
  for (std::size_t measured = 0; !stop_requested();) {
    const JobStep wanted = next_step(session, decide_job(session, {.noise = noise}), counts_calls);
    if (wanted.cases.empty()) return "";
    const double seconds = seconds_for(session, wanted);
    const double left = std::chrono::duration<double>(budget.time - run.elapsed()).count();
    // Before the first look the time of a pair is unknown.
    const bool is_first = wanted.is_first(session.header);
    const JobStep step = is_first && left > 0 ? wanted : part_within(session, wanted, left);
    if (step.cases.empty() || left <= 0) return why_stopped(wanted, session.header, seconds, budget);
    if (!is_first) {
      progress.note(step_text(step, session, seconds_for(session, step)));
      run.expect(2 * pairs_lacking(session, step));
    }
    run.measure(step);
    if (session.pairs.size() == measured) return "";  // no pair was added: its cases failed
    measured = session.pairs.size();
  }
  return "";
}

std::string note_on_other_runs(const PairSession& session) {
  const auto beside = std::ranges::count_if(session.pairs, [](const LaunchPair& pair) { return pair.other_runs > 0; });
  if (beside == 0) return "";
  return fmt::format("another ipcbench measured beside {} of {} pairs: times may be too long", beside,
                     session.pairs.size());
}

PairFile load_stored_pairs(const std::string& file, const std::string& flag) {
  try {
    return load_pairs(file);
  } catch (const std::system_error& error) {
    throw UsageError(fmt::format("{}: {}", flag, error.what()));
  }
}

int comparable_or_code(const std::function<int()>& run) {
  try {
    return run();
  } catch (const NotComparable& difference) {
    tell(fmt::format("ipcbench: {}", difference.what()));
    return kExitNotComparable;
  }
}

}  // namespace ipcbench
