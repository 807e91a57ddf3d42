#include "cli/paired_job.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <set>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "harness/os/run_dir.h"
#include "harness/os/usage_error.h"
#include "harness/run/duration.h"
#include "harness/run/stop.h"
#include "harness/run/stored_run.h"
#include "results/comparison.h"
#include "results/job_report.h"

namespace ipcbench {
namespace {

std::vector<std::string> distinct(const std::vector<const Decision*>& decisions, bool counted) {
  std::set<std::string> ids;
  for (const Decision* decision : decisions) {
    if ((decision->metric == Metric::syscalls) == counted) ids.insert(decision->case_id);
  }
  return {ids.begin(), ids.end()};
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

std::size_t counting_rounds(const PairedRun& run) { return least_rounds(2 * run.cases()) + 1; }

void measure_job(PairedRun& run, const NoiseModel* noise, int rounds, ProgressReporter& progress) {
  run.prepare();
  const auto timed = static_cast<std::size_t>(rounds);
  const std::size_t counting = counting_rounds(run);
  progress.note(fmt::format("{}: {} cases, {} rounds of both builds; seed {}", run.session().header.suite, run.cases(),
                            rounds, run.session().header.seed));
  run.expect(2 * run.cases() * (counting + timed));
  run.count_calls(counting);
  run.measure(timed);
  if (stop_requested()) return;

  const JobReport first = decide_job(run.session(), {.noise = noise});
  const std::vector<const Decision*> candidates = to_confirm(first);
  if (candidates.empty()) return;
  const std::vector<std::string> again = distinct(candidates, false), counted_again = distinct(candidates, true);
  progress.note(fmt::format("{} candidates: {} fresh rounds of them", candidates.size(), 2 * rounds));
  run.expect(4 * timed * again.size() + 4 * counting * counted_again.size());
  if (!counted_again.empty()) run.confirm_calls(counted_again, 2 * counting);
  if (!again.empty()) run.confirm(again, 2 * timed);
}

std::string note_on_other_runs(const PairSession& session) {
  const auto beside = std::ranges::count_if(session.pairs, [](const SamplePair& pair) { return pair.other_runs > 0; });
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
