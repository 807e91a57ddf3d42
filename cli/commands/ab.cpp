#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/options/budget.h"
#include "cli/options/command_line.h"
#include "cli/options/paired_job.h"
#include "cli/options/run_arguments.h"
#include "cli/options/subcommands.h"
#include "cli/output/job_output.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "harness/ab/paired_run.h"
#include "harness/ab/pairs_time.h"
#include "harness/base/usage_error.h"
#include "harness/process/stop_signals.h"
#include "harness/run/host_records.h"
#include "harness/run/stored_plan.h"
#include "harness/sdk/registry.h"
#include "results/compare/comparability.h"
#include "results/compare/looks.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr const char* kAbExamples = R"(Examples:
  ipcbench ab --base ../main/build/release/ipcbench --head build/release/ipcbench
  ipcbench ab --base OLD --head NEW --suite ci --noise noise.json --out markdown=summary.md junit=ab.xml github
  ipcbench ab --base-option nodelay=0 --head-option nodelay=1 --transport tcp
  ipcbench ab --head-env GLIBC_TUNABLES=glibc.rtld.optional_static_tls=2048 --transport pipe
  ipcbench ab --base OLD --head NEW --budget 2min -o ab.pairs.jsonl
  ipcbench ab --base OLD --head NEW --resume ab.pairs.jsonl --budget 90s
  ipcbench ab --from ab.pairs.jsonl --strict          decides again what was measured

Every launch is a fresh process of its build. What is undecided after the first rounds is measured on, and looked at
after twice as many each time, while the budget lasts. Exit code 1: a figure is worse by more than the margin, twice.)";

struct AbArguments {
  RunArguments cases;
  JobOutputs outputs;
  CalibrationArguments calibration;
  std::string base, head;
  std::vector<std::string> base_env, head_env, base_options, head_options;
  int rounds = 40, looks = kMostLooks;
  std::string output, from, resume, budget, progress = "auto";
  std::vector<const CLI::Option*> measuring;  // options without effect on --from
  std::vector<const CLI::Option*> planning;   // options that --resume takes from the file
};

std::pair<std::string, std::string> key_and_value(const std::string& text, const char* flag) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageError(fmt::format("{}: '{}' is not KEY=VALUE", flag, text));
  return {text.substr(0, equals), text.substr(equals + 1)};
}

ArmRecord arm_record(const std::string& name, const std::string& program, const std::vector<std::string>& environment,
                     const std::vector<std::string>& options) {
  ArmRecord arm{.name = name, .program = program.empty() ? own_program() : program};
  for (const std::string& text : environment) {
    arm.environment.push_back(key_and_value(text, fmt::format("--{}-env", name).c_str()));
  }
  for (const std::string& text : options) {
    arm.options.push_back(key_and_value(text, fmt::format("--{}-option", name).c_str()));
  }
  return arm;
}

// Refuses an option that no case takes: it would compare a build with itself.
void check_options(const Arm& arm, const Plan& plan) {
  for (const auto& [name, value] : arm.record.options) {
    const Arm one{.record = {.name = arm.record.name, .program = {}, .environment = {}, .options = {{name, value}}}};
    std::vector<std::string> known;
    bool matters = false;
    for (const PlannedCase& planned : plan.cases) {
      const Transport* transport = find_transport(planned.spec.transport);
      if (transport == nullptr) continue;
      for (const OptionInfo& option : options_of(planned.spec.scenario, transport->info())) {
        known.emplace_back(option.name);
        matters = matters || option.name == name;
      }
      case_of_arm(one, planned.spec);  // throws for a bad value
    }
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    if (!matters) {
      throw UsageError(fmt::format("--{}-option: no selected case has the option '{}'{}", arm.record.name, name,
                                   suggestion(name, known)));
    }
  }
}

// An arm that doesn't know the kind of workers would fork them, or refuse every case.
void check_workers(const Arm& arm, const Plan& plan) {
  const auto executes = [](const PlannedCase& planned) { return planned.workers == Workers::exec; };
  if (arm.takes_workers || std::ranges::none_of(plan.cases, executes)) return;
  throw UsageError(fmt::format("--{}: {} is an earlier build, which can't execute workers; leave out --workers exec",
                               arm.record.name, arm.record.program));
}

void check_arms(const AbArguments& arguments) {
  const bool named = !arguments.base.empty() || !arguments.head.empty();
  const bool set = !arguments.base_env.empty() || !arguments.head_env.empty() || !arguments.base_options.empty() ||
                   !arguments.head_options.empty();
  if (!named && !set) {
    throw UsageError(
        "ab: nothing to compare; name two builds (--base BIN --head BIN) or two settings of this one "
        "(--head-option KEY=VALUE, --head-env KEY=VALUE)");
  }
}

std::string text_of_arm(const ArmRecord& arm) {
  std::string text = printable(arm.program);
  for (const auto& [name, value] : arm.environment) text += printable(fmt::format(" {}={}", name, value));
  for (const auto& [name, value] : arm.options) text += printable(fmt::format(" {}={}", name, value));
  return text;
}

// Says how a job was measured. Empty for a job that is only decided.
struct JobEnd {
  bool interrupted = false;
  std::string undone = {};  // by measure_job()
  std::optional<double> budget_s = {}, used_s = {};
};

// Loads what is learnt of both arms: a margin holds for one build type.
std::optional<NoiseModel> calibration_of(const AbArguments& arguments, const PairHeader& header, std::string& why) {
  return arguments.calibration.load(std::array{conditions_of(header, header.base), conditions_of(header, header.head)},
                                    why);
}

int report_session(const AbArguments& arguments, const PairSession& session, const JobEnd& end,
                   const Globals& globals) {
  std::string why;
  const std::optional<NoiseModel> noise = calibration_of(arguments, session.header, why);
  JobOutcome outcome =
      decide_job(session, {.noise = noise ? &*noise : nullptr, .strict = arguments.calibration.strict()});
  outcome.base = text_of_arm(session.header.base);
  outcome.head = text_of_arm(session.header.head);
  outcome.interrupted = end.interrupted;
  outcome.budget_s = end.budget_s;
  outcome.used_s = end.used_s;
  if (!end.undone.empty()) outcome.notes.push_back(end.undone);
  if (std::string note = note_on_other_runs(session); !note.empty()) outcome.notes.push_back(std::move(note));
  if (!noise) outcome.notes.push_back(fmt::format("not calibrated: {}; see ipcbench calibrate --help", why));
  return arguments.outputs.write(outcome, &session, globals);
}

void refuse_flags(const std::vector<std::string>& given, std::string_view why) {
  if (!given.empty()) throw UsageError(fmt::format("{}; leave out {}", why, fmt::join(given, ", ")));
}

int decide_again(const AbArguments& arguments, const Globals& globals) {
  refuse_flags(names_given(arguments.measuring), "--from decides what was measured");
  refuse_flags(names_given(arguments.planning), "--from decides what was measured");
  refuse_flags(arguments.cases.given(), "--from decides what was measured");
  const PairFile file = load_stored_pairs(arguments.from, "--from");
  if (!file.torn.empty()) tell(fmt::format("{}: {}", arguments.from, file.torn));
  return report_session(arguments, file.sessions.back(), {}, globals);
}

struct Arms {
  Arm base, head;
};

Arms open_arms(const AbArguments& arguments) {
  return {open_arm(arm_record("base", arguments.base, arguments.base_env, arguments.base_options)),
          open_arm(arm_record("head", arguments.head, arguments.head_env, arguments.head_options))};
}

// Returns the command that resumes a job, without --budget. It repeats the builds and settings, since a file of pairs
// doesn't say which programs to run.
std::string resume_command(const AbArguments& arguments, const std::string& file, const Globals& globals) {
  std::string command = fmt::format("{} ab --resume {}", shell_quoted(globals.program), shell_quoted(file));
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) command += fmt::format(" {} {}", flag, shell_quoted(value));
  };
  const auto add_all = [&](const char* flag, const std::vector<std::string>& values) {
    for (const std::string& value : values) add(flag, value);
  };
  add("--base", arguments.base);
  add("--head", arguments.head);
  add_all("--base-env", arguments.base_env);
  add_all("--head-env", arguments.head_env);
  add_all("--base-option", arguments.base_options);
  add_all("--head-option", arguments.head_options);
  return command;
}

// Measures the rest of a job and reports it.
int measure_and_report(const AbArguments& arguments, PairedRun& run, const std::string& file,
                       ProgressReporter& progress, const Globals& globals) {
  const std::chrono::nanoseconds budget = parse_budget(arguments.budget, kDefaultBudget);
  std::string why;
  const std::optional<NoiseModel> noise = calibration_of(arguments, run.session().header, why);
  const std::string resume = resume_command(arguments, file, globals);
  JobEnd end{.undone = measure_job(run, noise ? &*noise : nullptr, {.time = budget, .resume = resume}, progress)};
  progress.measured();
  end.interrupted = stop_requested();
  end.budget_s = std::chrono::duration<double>(budget).count();
  end.used_s = std::chrono::duration<double>(run.elapsed()).count();
  const int code = report_session(arguments, run.session(), end, globals);
  progress.ended({.output = file});
  if (!end.undone.empty()) tell(end.undone);  // on one line, to be copied
  if (end.interrupted) {
    tell(fmt::format("interrupted: the report shows what was measured until then; to go on: {}", resume));
  }
  return code;
}

int go_on(const AbArguments& arguments, const Globals& globals) {
  refuse_flags(names_given(arguments.planning), fmt::format("--resume takes these from {}", arguments.resume));
  refuse_flags(arguments.cases.given(), fmt::format("--resume takes cases and seed from {}", arguments.resume));
  const std::unique_ptr<ProgressReporter> progress = make_progress(parse_progress_mode(arguments.progress));
  const std::chrono::nanoseconds budget = parse_budget(arguments.budget, kDefaultBudget);
  PairFile file = load_stored_pairs(arguments.resume, "--resume");
  PairSession stored = std::move(file.sessions.back());
  const Topology topology = Topology::of_this_machine();
  Plan plan = plan_to_go_on(stored.header, arguments.resume, topology);
  Arms arms = open_arms(arguments);
  for (const Arm* arm : {&arms.base, &arms.head}) check_workers(*arm, plan);
  if (!file.torn.empty()) progress->note(fmt::format("{}: {}", arguments.resume, file.torn));
  progress->note(
      fmt::format("{}: resumed with {} pairs measured", printable(stored.header.suite), stored.pairs.size()));

  begin_measuring(*progress);
  const PairedOptions options{.payload = plan.payload,
                              .seed = stored.header.seed,
                              .rounds = stored.header.rounds,
                              .looks = stored.header.looks,
                              .output = arguments.resume,
                              .limit = limit_of(budget)};
  PairedRun run(std::move(stored), std::move(plan), topology, std::move(arms.base), std::move(arms.head), options,
                *progress);
  return measure_and_report(arguments, run, arguments.resume, *progress, globals);
}

int ab(const AbArguments& arguments, const Globals& globals) {
  arguments.outputs.check();
  if (!arguments.from.empty()) return decide_again(arguments, globals);
  if (!arguments.resume.empty()) return go_on(arguments, globals);
  const std::unique_ptr<ProgressReporter> progress = make_progress(parse_progress_mode(arguments.progress));
  const std::chrono::nanoseconds budget = parse_budget(arguments.budget, kDefaultBudget);
  const Topology topology = Topology::of_this_machine();
  Plan plan = arguments.cases.plan_of_pairs(topology);
  check_arms(arguments);
  Arms arms = open_arms(arguments);
  for (const Arm* arm : {&arms.base, &arms.head}) {
    check_options(*arm, plan);
    check_workers(*arm, plan);
  }
  const std::size_t notes = plan.notes.size();
  const int rounds = fit_pairs_to_budget(plan, arguments.rounds, budget);
  for (std::size_t n = notes; n < plan.notes.size(); ++n) progress->note(fmt::format("note: {}", plan.notes[n]));
  const std::string output =
      arguments.output.empty() ? fmt::format("./ipcbench-ab-{}.pairs.jsonl", utc_timestamp()) : arguments.output;

  begin_measuring(*progress);
  PairedRun run(std::move(plan), topology, std::move(arms.base), std::move(arms.head),
                {.payload = arguments.cases.payload(),
                 .seed = arguments.cases.seed(),
                 .rounds = rounds,
                 .looks = looks_from(rounds, arguments.looks),
                 .output = output,
                 .limit = limit_of(budget)},
                *progress);
  return measure_and_report(arguments, run, output, *progress, globals);
}

}  // namespace

Subcommand add_ab(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("ab", "compares two builds, or two settings of one, by paired launches");
  app->footer(kAbExamples);
  auto arguments = std::make_shared<AbArguments>();
  std::vector<const CLI::Option*>& measuring = arguments->measuring;
  constexpr const char* kArms = "What is compared";
  const auto add_arm = [&](const std::string& name, std::string& file, std::vector<std::string>& environment,
                           std::vector<std::string>& options) {
    measuring.push_back(app->add_option("--" + name, file, "a build of ipcbench; default: this program")
                            ->check(not_empty())
                            ->option_text("BIN")
                            ->group(kArms));
    measuring.push_back(app->add_option("--" + name + "-env", environment, "set for its launches")
                            ->allow_extra_args(false)
                            ->option_text("KEY=VALUE")
                            ->group(kArms));
    measuring.push_back(app->add_option("--" + name + "-option", options, "of its transports, where they have it")
                            ->allow_extra_args(false)
                            ->option_text("KEY=VALUE")
                            ->group(kArms));
  };
  add_arm("base", arguments->base, arguments->base_env, arguments->base_options);
  add_arm("head", arguments->head, arguments->head_env, arguments->head_options);
  arguments->cases.add_pairs_to(*app);
  std::vector<const CLI::Option*>& planning = arguments->planning;
  planning.push_back(
      app->add_option("--rounds", arguments->rounds, "pairs of launches of each case up to the first look; default: 40")
          ->check(CLI::Range(1, kMostFirstLook))
          ->option_text("N")
          ->group("How"));
  planning.push_back(
      app->add_option("--looks", arguments->looks,
                      "how often figures are looked at, each time after twice as many rounds; 1: once; default: 5")
          ->check(CLI::Range(1, kMostLooks))
          ->option_text("K")
          ->group("How"));
  measuring.push_back(
      add_budget_to(*app, arguments->budget, "5min, 90s: no step begins that doesn't fit; default: 5min"));
  planning.push_back(
      app->add_option("-o,--output", arguments->output, "the pairs, appended; default: ./ipcbench-ab-TIME.pairs.jsonl")
          ->check(not_empty())
          ->option_text("FILE")
          ->group("How"));
  add_progress_to(*app, arguments->progress);
  CLI::Option* from =
      app->add_option("--from", arguments->from, "measures nothing: decides the last session of these pairs")
          ->check(not_empty())
          ->option_text("FILE")
          ->group("How");
  app->add_option("--resume", arguments->resume,
                  "goes on with the last session of these pairs, by the same builds: stopped, killed or out of budget")
      ->check(not_empty())
      ->option_text("FILE")
      ->excludes(from)
      ->group("How");
  arguments->calibration.add_to(*app);
  arguments->outputs.add_to(*app);
  return {app, [arguments, &globals] { return comparable_or_code([&] { return ab(*arguments, globals); }); }};
}

}  // namespace ipcbench
