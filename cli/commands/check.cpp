#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/fact_records.h"
#include "cli/options/budget.h"
#include "cli/options/command_line.h"
#include "cli/options/paired_job.h"
#include "cli/options/run_arguments.h"
#include "cli/options/subcommands.h"
#include "cli/output/job_output.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/files/output_file.h"
#include "harness/process/stop_signals.h"
#include "harness/run/host_records.h"
#include "harness/run/runner.h"
#include "harness/run/stored_plan.h"
#include "harness/suite/id_filter.h"
#include "results/compare/comparability.h"
#include "results/compare/looks.h"
#include "results/files/store.h"
#include "results/gate/result_diff.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr const char* kCheckExamples = R"(Examples:
  ipcbench run ci -o main.ipcbench.json                               once, on the same machine
  ipcbench check --baseline main.ipcbench.json --noise noise.json
  ipcbench check --baseline main.ipcbench.json --advisory --filter 'tcp|udp'
  ipcbench check --baseline main.ipcbench.json --reference ping-pong/pipe/block/64/same-cpu --out junit=check.xml

Measures the cases of the baseline again, as long and as often, and decides by the rule for stored results. What is
measured becomes a result file. To compare two builds, ab sees much smaller changes.)";

struct CheckArguments {
  std::string baseline, filter, output, progress = "auto";
  JobOutputs outputs;
  ResultDiffArguments rules;
  std::optional<int> passes;
  std::string budget;
  std::optional<std::uint64_t> seed;
};

Result load_baseline(const std::string& file) {
  try {
    return load_result(file);
  } catch (const std::system_error& error) {
    throw NotComparable(fmt::format("--baseline: {}; measure one with: ipcbench run ci -o {}", error.what(), file));
  }
}

// Returns the baseline without the cases that the filters exclude.
Result selected(Result baseline, const CheckArguments& arguments) {
  const IdFilter filter(arguments.filter, "--filter");
  std::erase_if(baseline.cases, [&](const CaseRecord& record) {
    const std::string& reference = arguments.rules.reference();
    return !filter.matches(record.id) && record.id != reference && record.transport != reference;
  });
  if (baseline.cases.empty() && !arguments.filter.empty()) {
    throw NotComparable(
        fmt::format("--baseline {}: it has no case that '{}' matches", arguments.baseline, arguments.filter));
  }
  return baseline;
}

// Returns, by case, whether a gated figure is undecided and has another look left.
std::vector<bool> undecided(const Result& baseline, const Result& so_far, const ResultDiffRules& rules) {
  std::vector<bool> wants(so_far.cases.size());
  const auto is_reference = [&](const CaseRecord& c) {
    return c.id == rules.reference || c.transport == rules.reference;
  };
  const auto is_measured = [&](const CaseRecord& c) { return c.status == Status::ok && is_reference(c); };
  if (!rules.reference.empty() && std::ranges::none_of(so_far.cases, is_measured)) return wants;
  const std::vector<ResultDiffHead> heads = {{.result = &so_far}};
  for (const Decision& decision : diff_results(baseline, heads, rules).decisions) {
    if (!decision.gated || !is_undecided(decision.verdict) || !decision.next) continue;
    for (std::size_t i = 0; i < wants.size(); ++i) {
      if (so_far.cases[i].id == decision.case_id || is_reference(so_far.cases[i])) wants[i] = true;
    }
  }
  return wants;
}

int check(const CheckArguments& arguments, const Globals& globals) {
  arguments.outputs.check();
  const std::unique_ptr<ProgressReporter> progress = make_progress(parse_progress_mode(arguments.progress));
  const Result baseline = selected(load_baseline(arguments.baseline), arguments);
  const Topology topology = Topology::of_this_machine();
  const std::string elsewhere =
      host_difference(conditions_of(baseline.machine), conditions_of(machine_record(topology)));
  if (!elsewhere.empty() && !arguments.rules.advisory()) {
    throw NotComparable(
        fmt::format("--baseline {}: it was measured {}; measure one here, or see the difference as "
                    "advice with --advisory",
                    arguments.baseline, elsewhere));
  }
  std::optional<NoiseModel> noise;
  std::string no_noise;
  const ResultDiffRules rules = arguments.rules.load(baseline, noise, no_noise);
  if (!rules.reference.empty()) Reference(baseline, rules.reference, "the baseline");  // refuses a wrong name early
  std::map<std::string, std::string> lacks;
  Plan plan = plan_to_repeat(baseline, arguments.baseline, topology, lacks);
  if (arguments.passes) plan.passes = *arguments.passes;
  plan.looks = looks_from(plan.passes, kMostLooks);
  plan.budget = parse_budget(arguments.budget, kDefaultBudget);
  for (const std::string& note : plan.notes) progress->note(fmt::format("note: {}", note));

  if (is_stdout(arguments.output))
    throw UsageError("--output -: stdout carries the report; name a file for the result");
  const std::string output =
      arguments.output.empty() ? fmt::format("./ipcbench-check-{}.ipcbench.json", utc_timestamp()) : arguments.output;
  begin_measuring(*progress);
  // Both sides of the comparison use the same hybrid spins.
  const RunOptions options{
      .payload = *baseline.payload.value(),
      .seed = fresh_seed(arguments.seed),
      .output = output,
      .command = globals.command,
      .hybrid_spins = stored_hybrid_spins(baseline, plan),
      .going_on = {.wants = [&](const Result& so_far) { return undecided(baseline, so_far, rules); },
                   .what = "undecided"},
      .add_facts = add_facts};
  const std::chrono::nanoseconds budget = plan.budget;
  const auto begin = std::chrono::steady_clock::now();
  const Result measured = run_plan(std::move(plan), topology, options, *progress);
  const std::chrono::nanoseconds used = std::chrono::steady_clock::now() - begin;
  progress->measured();
  const std::vector<ResultDiffHead> heads = {{.result = &measured, .lacks = std::move(lacks)}};
  JobOutcome outcome = diff_results(baseline, heads, rules);
  if (!no_noise.empty()) outcome.notes.push_back(no_noise);
  outcome.kind = "check";
  outcome.base = printable(arguments.baseline);
  outcome.head = output;
  outcome.interrupted = !measured.complete;
  outcome.budget_s = std::chrono::duration<double>(budget).count();
  outcome.used_s = std::chrono::duration<double>(used).count();
  const int code = arguments.outputs.write(outcome, nullptr, globals);
  progress->ended({.output = output, .saved = !stop_now()});
  return code;
}

}  // namespace

Subcommand add_check(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("check", "measures now, and decides against a stored result of this machine");
  app->footer(kCheckExamples);
  auto arguments = std::make_shared<CheckArguments>();
  app->add_option("--baseline", arguments->baseline, "a result file of this machine class")
      ->required()
      ->check(not_empty())
      ->option_text("FILE");
  app->add_option("--filter", arguments->filter, "only cases whose id matches")->option_text("REGEX");
  app->add_option("--passes", arguments->passes, "launches of each case; default: as many as the baseline's")
      ->check(CLI::Range(1, 10000))
      ->option_text("N")
      ->group("How");
  add_budget_to(*app, arguments->budget,
                "5min, 90s: until when undecided cases go on, up to 16 times the launches; default: 5min");
  app->add_option("--seed", arguments->seed, "of the order of cases and of the payload; default: a fresh one")
      ->check(not_negative())
      ->option_text("N")
      ->group("How");
  app->add_option("-o,--output", arguments->output, "the result file; default: ./ipcbench-check-TIME.ipcbench.json")
      ->check(not_empty())
      ->option_text("FILE")
      ->group("How");
  add_progress_to(*app, arguments->progress);
  arguments->rules.add_to(*app);
  arguments->outputs.add_to(*app);
  return {app, [arguments, &globals] { return comparable_or_code([&] { return check(*arguments, globals); }); }};
}

}  // namespace ipcbench
