#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/options/budget.h"
#include "cli/options/calibration_steps.h"
#include "cli/options/command_line.h"
#include "cli/options/paired_job.h"
#include "cli/options/run_arguments.h"
#include "cli/options/subcommands.h"
#include "cli/output/calibration_report.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "harness/ab/paired_run.h"
#include "harness/base/usage_error.h"
#include "harness/files/output_file.h"
#include "harness/process/stop_signals.h"
#include "harness/run/host_records.h"
#include "results/compare/comparability.h"
#include "results/compare/learn_noise.h"
#include "results/compare/looks.h"
#include "results/compare/rounds_by_case.h"
#include "results/files/noise_file.h"
#include "results/files/pair_file.h"
#include "results/gate/job_steps.h"

namespace ipcbench {
namespace {

constexpr const char* kCalibrateExamples = R"(Examples:
  ipcbench calibrate                                  500 rounds of this build against itself; resumable
  ipcbench calibrate --more 20                        20 rounds on top: 20 such runs, at different hours, serve check
  ipcbench calibrate --report                         how often the decisions are wrong, and what they catch
  ipcbench calibrate --report --live figures.jsonl    the same, with real jobs that tools/ci-figures has made

Rounds are appended to the store; the margins learnt from all of it go to noise.json, which ab and check read.)";

struct CalibrateArguments {
  RunArguments cases;
  std::string program, store = "noise.pairs.jsonl", noise = "noise.json", live, progress = "auto";
  int pairs = static_cast<int>(kPairsForMargin);
  int more = 0;
  int rounds = 40, looks = kMostLooks;
  std::string budget;
  std::size_t jobs = 1000;
  bool report = false;
};

PairFile stored_so_far(const std::string& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored) || std::filesystem::file_size(file, ignored) == 0) return {};
  return load_stored_pairs(file, "--store");
}

void save_noise(const PairFile& store, const CalibrateArguments& arguments) {
  NoiseModel model = learn_noise(store.sessions, {.rounds = arguments.rounds, .seed = 1});
  model.created = utc_now();
  write_output(arguments.noise, to_json(model));
  std::size_t settled = 0, between_runs = 0;
  for (const NoiseFigure& figure : model.figures) {
    settled += figure.is_settled() ? 1 : 0;
    between_runs += figure.run_margin ? 1 : 0;
  }
  tell(fmt::format(
      "{}: of {} figures {} have a margin from enough pairs (ab), {} one from at least {} runs (check, compare)",
      arguments.noise, model.figures.size(), settled, between_runs, kRunsForMargin));
}

// Refuses a store with another kind of measurement, before minutes are spent on rounds that can't join it.
void check_kind(PairFile stored, const PairHeader& header, const std::string& file) {
  stored.sessions.push_back({.header = header});
  check_one_kind(stored.sessions, file);
}

std::vector<std::string> runnable_in(const Plan& plan) {
  std::vector<std::string> ids;
  for (const PlannedCase& planned : plan.cases) {
    if (planned.skip_reason.empty()) ids.push_back(planned.spec.id());
  }
  return ids;
}

// Returns what is to be measured of these cases.
std::vector<JobStep> steps_of(const CalibrateArguments& arguments, const PairFile& stored,
                              const std::vector<std::string>& cases) {
  if (arguments.more > 0) return {{.rounds = arguments.more, .cases = cases}};
  return steps_up_to(static_cast<std::size_t>(arguments.pairs), stored, cases);
}

// Holds what a command was about, and the cases of it that were given up since their launches broke.
struct Calibrated {
  std::vector<std::string> cases, given_up;
};

Calibrated measure_pairs(const CalibrateArguments& arguments, const PairFile& stored) {
  const Topology topology = Topology::of_this_machine();
  Plan plan = arguments.cases.plan_of_pairs(topology);
  const std::vector<std::string> planned = runnable_in(plan);
  const std::vector<JobStep> lacking = steps_of(arguments, stored, planned);
  if (lacking.empty() && !planned.empty()) {
    tell(fmt::format("{}: each of {} cases has {} rounds", arguments.store, planned.size(), arguments.pairs));
    return {.cases = planned, .given_up = {}};
  }
  const int rounds = lacking.empty() ? 0 : lacking.back().rounds;
  const std::unique_ptr<ProgressReporter> progress = make_progress(parse_progress_mode(arguments.progress));
  const std::string program = arguments.program.empty() ? own_program() : arguments.program;
  Arm base = open_arm({.name = "base", .program = program, .environment = {}, .options = {}});
  Arm head = open_arm({.name = "head", .program = program, .environment = {}, .options = {}});
  begin_measuring(*progress);
  PairedRun run(std::move(plan), topology, std::move(base), std::move(head),
                {.payload = arguments.cases.payload(),
                 .seed = arguments.cases.seed(),
                 .rounds = rounds,
                 .output = arguments.store,
                 .limit = parse_budget(arguments.budget, {})},
                *progress);
  check_kind(stored, run.session().header, arguments.store);
  run.prepare();
  const std::vector<std::string> cases = run.cases();
  const std::vector<JobStep> steps = steps_of(arguments, stored, cases);
  const std::vector<std::string> measured = steps.empty() ? std::vector<std::string>{} : steps.front().cases;
  progress->note(fmt::format("{}: {} cases, {} rounds; seed {}", run.session().header.suite, measured.size(), rounds,
                             run.session().header.seed));
  const int counting = counting_rounds(run.session().header);
  const std::vector<std::string> counted = counted_cases(run.session(), measured);
  run.expect(2 * (counted.size() * static_cast<std::size_t>(counting) + pairs_in(steps)));
  if (run.counts_calls() && !counted.empty()) run.measure({.counts = true, .rounds = counting, .cases = counted});
  for (const JobStep& step : steps) run.measure(step);
  if (const std::string note = note_on_other_runs(run.session()); !note.empty()) progress->note(note);
  progress->measured();
  return {.cases = cases, .given_up = run.given_up()};
}

// Says what the command has left unfinished; with --more that is about the new rounds alone.
std::string unfinished_of(const CalibrateArguments& arguments, const PairFile& store, const Calibrated& done) {
  const bool has_budget = !arguments.budget.empty();
  if (arguments.more == 0)
    return unfinished_text(static_cast<std::size_t>(arguments.pairs), store, done.cases, done.given_up, has_budget);
  PairFile added;
  if (!store.sessions.empty()) added.sessions.push_back(store.sessions.back());
  return unfinished_text(static_cast<std::size_t>(arguments.more), added, done.cases, done.given_up, has_budget);
}

// Checks the output early, since it is written after minutes of measuring.
void check_noise(const std::string& file) {
  if (is_stdout(file)) return;
  try {
    check_output(file);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("--noise {}", error.what()));
  }
}

int calibrate(const CalibrateArguments& arguments, const Globals& globals) {
  if (arguments.report) {
    if (!std::filesystem::exists(arguments.store)) {
      throw UsageError(fmt::format("--store: there is no {}; measure it with: ipcbench calibrate", arguments.store));
    }
    return print_calibration_report(stored_so_far(arguments.store),
                                    {.rounds = arguments.rounds, .looks = arguments.looks, .jobs = arguments.jobs},
                                    arguments.live, globals);
  }
  if (!arguments.live.empty()) throw UsageError("--live belongs to --report");
  check_noise(arguments.noise);
  const PairFile stored = stored_so_far(arguments.store);
  const Calibrated done = measure_pairs(arguments, stored);
  const PairFile store = load_stored_pairs(arguments.store, "--store");
  save_noise(store, arguments);
  if (!stop_requested()) {
    const std::string unfinished = unfinished_of(arguments, store, done);
    if (!unfinished.empty()) tell(unfinished);
    return 0;
  }
  tell("interrupted: what was measured is stored; the same command goes on");
  return kExitInterrupted;
}

}  // namespace

Subcommand add_calibrate(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("calibrate", "learns what this machine does to two identical builds");
  app->footer(kCalibrateExamples);
  auto arguments = std::make_shared<CalibrateArguments>();
  arguments->cases.add_pairs_to(*app);
  app->add_option("--program", arguments->program, "the build that is compared with itself; default: this program")
      ->check(not_empty())
      ->option_text("BIN")
      ->group("How");
  CLI::Option* pairs =
      app->add_option("--pairs", arguments->pairs, "goes on until the store has so many rounds; default: 500")
          ->check(CLI::Range(1, 1'000'000))
          ->option_text("N")
          ->group("How");
  app->add_option("--more", arguments->more, "so many rounds on top of what is stored")
      ->check(CLI::Range(1, 1'000'000))
      ->option_text("N")
      ->excludes(pairs)
      ->group("How");
  app->add_option("--rounds", arguments->rounds, "of the jobs that the margins are for; default: 40")
      ->check(CLI::Range(1, 10'000))
      ->option_text("N")
      ->group("How");
  app->add_option("--looks", arguments->looks, "of the jobs that --report resamples, as of ab; default: 5")
      ->check(CLI::Range(1, kMostLooks))
      ->option_text("K")
      ->group("Report");
  add_budget_to(*app, arguments->budget,
                "5min, 90s: ends after the round in hand, for the same command to go on; default: none");
  app->add_option("--store", arguments->store, "the pairs, appended; default: noise.pairs.jsonl")
      ->check(not_empty())
      ->option_text("FILE")
      ->group("How");
  app->add_option("--noise", arguments->noise, "what is learnt; default: noise.json")
      ->check(not_empty())
      ->option_text("FILE")
      ->group("How");
  add_progress_to(*app, arguments->progress);
  app->add_flag("--report", arguments->report, "measures nothing: false positives and power, from resampled jobs")
      ->group("Report");
  app->add_option("--jobs", arguments->jobs, "resampled; default: 1000")
      ->check(CLI::Range(1, 1'000'000))
      ->option_text("N")
      ->group("Report");
  app->add_option("--live", arguments->live, "real jobs, as tools/ci-figures stores them")
      ->option_text("FILE")
      ->group("Report");
  return {app, [arguments, &globals] { return comparable_or_code([&] { return calibrate(*arguments, globals); }); }};
}

}  // namespace ipcbench
