#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/job_output.h"
#include "cli/paired_job.h"
#include "cli/progress.h"
#include "cli/run_arguments.h"
#include "cli/subcommands.h"
#include "cli/terminal.h"
#include "harness/os/usage_error.h"
#include "harness/run/host_records.h"
#include "harness/run/paired_run.h"
#include "harness/transport/registry.h"
#include "results/figures/comparability.h"
#include "results/utf8.h"

namespace ipcbench {
namespace {

constexpr const char* kAbExamples = R"(Examples:
  ipcbench ab --base ../main/build/release/ipcbench --head build/release/ipcbench
  ipcbench ab --base OLD --head NEW --suite ci --noise noise.json --out markdown=summary.md junit=ab.xml github
  ipcbench ab --base-option nodelay=0 --head-option nodelay=1 --transport tcp
  ipcbench ab --head-env GLIBC_TUNABLES=glibc.rtld.optional_static_tls=2048 --transport pipe
  ipcbench ab --from ab.pairs.jsonl --strict          decides again what was measured

Every launch is a fresh process of its build. Exit code 1: a figure is worse by more than the margin, twice.)";

struct AbArguments {
  RunArguments cases;
  JobOutputs outputs;
  CalibrationArguments calibration;
  std::string base, head;
  std::vector<std::string> base_env, head_env, base_options, head_options;
  int rounds = 40;
  std::string output, from, progress = "auto";
  std::vector<const CLI::Option*> measuring;  // what --from has no use for
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

// An option that no case takes would compare a build with itself.
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
      case_of_arm(one, planned.spec);  // refuses a bad value
    }
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    if (!matters) {
      throw UsageError(fmt::format("--{}-option: no selected case has the option '{}'{}", arm.record.name, name,
                                   suggestion(name, known)));
    }
  }
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

int report_session(const AbArguments& arguments, const PairSession& session, bool interrupted, const Globals& globals) {
  std::string why;
  const std::optional<NoiseModel> noise = arguments.calibration.load(conditions_of(session.header), why);
  JobReport report =
      decide_job(session, {.noise = noise ? &*noise : nullptr, .strict = arguments.calibration.strict()});
  report.base = text_of_arm(session.header.base);
  report.head = text_of_arm(session.header.head);
  report.interrupted = interrupted;
  if (std::string note = note_on_other_runs(session); !note.empty()) report.notes.push_back(std::move(note));
  if (!noise) report.notes.push_back(fmt::format("not calibrated: {}; see ipcbench calibrate --help", why));
  return arguments.outputs.write(report, &session, globals);
}

int decide_again(const AbArguments& arguments, const Globals& globals) {
  for (const CLI::Option* option : arguments.measuring) {
    if (option->count() > 0) {
      throw UsageError(fmt::format("--from decides what was measured; leave out {}", option->get_name()));
    }
  }
  const PairFile file = load_stored_pairs(arguments.from, "--from");
  if (!file.torn.empty()) tell(fmt::format("{}: {}", arguments.from, file.torn));
  return report_session(arguments, file.sessions.back(), false, globals);
}

int ab(const AbArguments& arguments, const Globals& globals) {
  arguments.outputs.check();
  if (!arguments.from.empty()) return decide_again(arguments, globals);
  const std::unique_ptr<ProgressReporter> progress = make_progress(progress_mode_named(arguments.progress));
  const Topology topology = Topology::of_this_machine();
  Plan plan = arguments.cases.plan(topology);
  check_arms(arguments);
  Arm base = open_arm(arm_record("base", arguments.base, arguments.base_env, arguments.base_options));
  Arm head = open_arm(arm_record("head", arguments.head, arguments.head_env, arguments.head_options));
  check_options(base, plan);
  check_options(head, plan);
  const std::string output =
      arguments.output.empty() ? fmt::format("./ipcbench-ab-{}.pairs.jsonl", utc_timestamp()) : arguments.output;

  begin_measuring(*progress);
  PairedRun run(std::move(plan), topology, std::move(base), std::move(head),
                {.payload = arguments.cases.payload(),
                 .seed = arguments.cases.seed(),
                 .rounds = arguments.rounds,
                 .output = output},
                *progress);
  std::string why;
  const std::optional<NoiseModel> noise = arguments.calibration.load(conditions_of(run.session().header), why);
  measure_job(run, noise ? &*noise : nullptr, arguments.rounds, *progress);
  progress->measured();
  const bool interrupted = stop_requested();
  const int code = report_session(arguments, run.session(), interrupted, globals);
  progress->ended({.output = output});
  if (interrupted) tell("interrupted: the report shows what was measured until then");
  return code;
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
  measuring.push_back(app->add_option("--rounds", arguments->rounds, "pairs of launches of each case; default: 40")
                          ->check(CLI::Range(1, 10000))
                          ->option_text("N")
                          ->group("How"));
  measuring.push_back(
      app->add_option("-o,--output", arguments->output, "the pairs, appended; default: ./ipcbench-ab-TIME.pairs.jsonl")
          ->check(not_empty())
          ->option_text("FILE")
          ->group("How"));
  add_progress_to(*app, arguments->progress);
  app->add_option("--from", arguments->from, "measures nothing: decides the last session of these pairs")
      ->check(not_empty())
      ->option_text("FILE")
      ->group("How");
  arguments->calibration.add_to(*app);
  arguments->outputs.add_to(*app);
  return {app, [arguments, &globals] { return comparable_or_code([&] { return ab(*arguments, globals); }); }};
}

}  // namespace ipcbench
