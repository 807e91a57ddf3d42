#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cli/options/command_line.h"
#include "cli/options/run_arguments.h"
#include "cli/options/subcommands.h"
#include "cli/output/listing.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/conformance/contained_check.h"
#include "harness/process/stop_signals.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

constexpr const char* kConformExamples = R"(Examples:
  ipcbench conform --plugin ./libmine.so              every check of every transport of a library
  ipcbench conform --plugin ./libmine.so --check round-trips,peer-death
  ipcbench conform --worker 'python3 worker.py'       what can be checked of a worker in another language
  ipcbench conform --transport pipe                   a built-in transport

A line says what became of a check: of one that passed what it proves, of others what was seen. Each check has a process
of its own, so that one that crashes or hangs fails alone: docs/plugins.md.

Exit codes: 0 if none failed, 1 if one failed, 77 if all were skipped.)";

struct ConformArguments {
  std::vector<std::string> transports;
  std::vector<std::string> checks;
  std::string workers = "fork";
  unsigned deadline_s = 60;
  bool json = false;
};

struct PlannedCheck {
  const ConformanceCheck& check;
  Subject subject;
};

struct MadeCheck {
  PlannedCheck planned;
  CheckReport report;
};

std::vector<std::string> check_names() {
  std::vector<std::string> names;
  for (const ConformanceCheck& check : conformance_checks()) names.emplace_back(check.name);
  return names;
}

bool is_one_of(std::string_view name, const std::vector<std::string>& names) {
  return std::ranges::find(names, name) != names.end();
}

// Returns the subjects that the command line selects: those of named transports, else those of plug-ins and workers.
std::vector<Subject> selected_subjects(const std::vector<std::string>& transports) {
  std::vector<Subject> subjects = all_subjects();
  std::vector<std::string> known;
  for (const Subject& subject : subjects) {
    const std::string name(subject.entry->name);
    if (!is_one_of(name, known)) known.push_back(name);
    if (is_one_of(name, transports) && subject.entry->transport == nullptr)
      throw UsageError(fmt::format("--transport {}: not built: {}", name, subject.entry->missing_reason));
  }
  for (const std::string& name : transports) {
    if (!is_one_of(name, known))
      throw UsageError(fmt::format("--transport: there is no transport '{}'{}", name, suggestion(name, known)));
  }
  std::erase_if(subjects, [&](const Subject& subject) {
    if (subject.entry->transport == nullptr) return true;
    return transports.empty() ? subject.is_built_in() : !is_one_of(subject.entry->name, transports);
  });
  if (subjects.empty())
    throw UsageError("conform: nothing to check; add --plugin FILE, --worker COMMAND or --transport NAME");
  return subjects;
}

std::vector<PlannedCheck> planned_checks(const ConformArguments& arguments) {
  std::vector<PlannedCheck> planned;
  for (const Subject& subject : selected_subjects(arguments.transports)) {
    for (const ConformanceCheck& check : conformance_checks()) {
      const bool is_asked = arguments.checks.empty() || is_one_of(check.name, arguments.checks);
      if (is_asked && applies_to(check, subject)) planned.push_back({check, subject});
    }
  }
  if (planned.empty()) throw UsageError("--check: none of these checks is for these transports");
  return planned;
}

std::vector<MadeCheck> make_checks(const std::vector<PlannedCheck>& planned, const ConformArguments& arguments) {
  constexpr int kLaunchesOfACheck = 10;  // that may each use up their deadline
  const TrialSettings settings{.workers = parse_workers_option(arguments.workers),
                               .deadline = std::chrono::seconds(arguments.deadline_s)};
  const std::unique_ptr<ProgressReporter> line = make_progress(ProgressMode::automatic);
  const auto start = std::chrono::steady_clock::now();
  std::vector<MadeCheck> made;
  for (const PlannedCheck& next : planned) {
    if (stop_requested()) break;
    const std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - start;
    const auto done = static_cast<std::chrono::nanoseconds::rep>(std::max<std::size_t>(made.size(), 1));
    const auto rest = static_cast<std::chrono::nanoseconds::rep>(planned.size() - made.size());
    const std::string stage = fmt::format("check {} of {}", made.size() + 1, planned.size());
    const std::string name =
        fmt::format("{} {}: {}", next.subject.entry->name, next.subject.variant(), next.check.name);
    line->progress({.stage = stage, .case_id = name, .elapsed = elapsed, .left = elapsed / done * rest});
    CheckReport report =
        make_contained_check(next.check, next.subject, settings, settings.deadline * kLaunchesOfACheck);
    if (stop_now()) break;
    made.push_back({next, std::move(report)});
  }
  line->measured();
  return made;
}

std::size_t count_of_result(const std::vector<MadeCheck>& made, CheckResult result) {
  return static_cast<std::size_t>(
      std::ranges::count_if(made, [&](const MadeCheck& one) { return one.report.result == result; }));
}

std::string text_of_checks(const std::vector<MadeCheck>& made, std::size_t planned, bool color) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [check, report] : made) {
    rows.push_back({std::string(to_string(report.result)), std::string(check.subject.entry->name),
                    check.subject.variant(), std::string(check.check.name),
                    report.text.empty() ? std::string(check.check.proves) : report.text});
  }
  std::string text = format_tables(
      {listing("Conformance", {"", "transport", "with", "check", "what it proves, or what was seen"}, rows)}, color);
  text += fmt::format("\n{} of {} checks passed", count_of_result(made, CheckResult::passed), planned);
  for (const CheckResult result : {CheckResult::failed, CheckResult::skipped}) {
    if (const std::size_t n = count_of_result(made, result); n > 0)
      text += fmt::format(", {} {}", n, to_string(result));
  }
  if (made.size() < planned) text += fmt::format(", {} not made", planned - made.size());
  return text + '\n';
}

std::string json_of_made(const std::vector<MadeCheck>& made, std::size_t planned) {
  JsonWriter json(kTreeJson);
  json.object([&] {
    json.member("complete", made.size() == planned);
    for (const CheckResult result : {CheckResult::passed, CheckResult::failed, CheckResult::skipped})
      json.member(to_string(result), count_of_result(made, result));
    json.key("checks").list([&] {
      for (const auto& [check, report] : made) {
        json.object([&] {
          json.member("transport", check.subject.entry->name);
          json.member("wait", to_string(check.subject.wait));
          json.member("option", check.subject.option);
          json.member("value", check.subject.value);
          json.member("check", check.check.name);
          json.member("proves", check.check.proves);
          json.member("result", to_string(report.result));
          json.member("text", report.text);
        });
      }
    });
  });
  return json.take() + '\n';
}

int conform(const ConformArguments& arguments, const Globals& globals) {
  const std::vector<PlannedCheck> planned = planned_checks(arguments);
  install_stop_signals();
  const std::vector<MadeCheck> made = make_checks(planned, arguments);
  print(arguments.json ? json_of_made(made, planned.size())
                       : text_of_checks(made, planned.size(), use_color(globals.color_when(), STDOUT_FILENO)));
  if (made.size() < planned.size()) return kExitInterrupted;
  if (count_of_result(made, CheckResult::failed) > 0) return kExitNotConforming;
  return count_of_result(made, CheckResult::skipped) == made.size() ? kExitAllSkipped : 0;
}

void add_names(CLI::App& app, const char* flag, std::vector<std::string>& names, const CLI::Validator& check,
               const char* text) {
  app.add_option(flag, names, text)->check(check)->option_text("NAMES")->delimiter(',')->allow_extra_args(false);
}

}  // namespace

Subcommand add_conform(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("conform", "checks that plug-ins and other transports keep what they promise");
  app->footer(kConformExamples);
  auto arguments = std::make_shared<ConformArguments>();
  add_names(*app, "--transport", arguments->transports, not_empty(),
            "which transports; default: those of --plugin and --worker");
  add_names(*app, "--check", arguments->checks, one_of(check_names()), "which checks; default: all that apply");
  app->add_option("--deadline", arguments->deadline_s, "for each launch, in seconds; default: 60, at most 3600")
      ->check(CLI::Range(1u, 3600u))
      ->option_text("N");
  add_workers_to(*app, arguments->workers);
  app->add_flag("--json", arguments->json, "one JSON document");
  return {app, [arguments, &globals] { return conform(*arguments, globals); }};
}

}  // namespace ipcbench
