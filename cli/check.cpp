#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/job_output.h"
#include "cli/paired_job.h"
#include "cli/progress.h"
#include "cli/run_arguments.h"
#include "cli/subcommands.h"
#include "cli/terminal.h"
#include "harness/os/usage_error.h"
#include "harness/run/case_records.h"
#include "harness/run/host_records.h"
#include "harness/run/runner.h"
#include "harness/transport/registry.h"
#include "results/figures/comparability.h"
#include "results/json.h"
#include "results/store.h"
#include "results/stored_comparison.h"
#include "results/utf8.h"

namespace ipcbench {
namespace {

constexpr const char* kCheckExamples = R"(Examples:
  ipcbench run ci -o main.ipcbench.json                               once, on the same machine
  ipcbench check --baseline main.ipcbench.json --noise noise.json
  ipcbench check --baseline main.ipcbench.json --advisory --filter 'tcp|udp'
  ipcbench check --baseline main.ipcbench.json --normalise ping-pong/pipe/block/64/same-cpu --out junit=check.xml

Measures the cases of the baseline again, as long and as often, and decides by the rule for stored results. What is
measured becomes a result file. To compare two builds, ab sees much smaller changes.)";

struct CheckArguments {
  std::string baseline, filter, output, progress = "auto";
  JobOutputs outputs;
  StoredRuleArguments rules;
  std::optional<int> passes;
  std::optional<std::uint64_t> seed;
};

Result load_baseline(const std::string& file) {
  try {
    return load_result(file);
  } catch (const std::system_error& error) {
    throw NotComparable(fmt::format("--baseline: {}; measure one with: ipcbench run ci -o {}", error.what(), file));
  }
}

std::regex compiled_filter(const std::string& text) {
  try {
    return std::regex(text, std::regex::ECMAScript);
  } catch (const std::regex_error& error) {
    throw UsageError(fmt::format("--filter: '{}' is not a regular expression (ECMAScript): {}", text, error.what()));
  }
}

// The baseline without the cases that nobody asked for.
Result selected(Result baseline, const CheckArguments& arguments) {
  const std::regex filter = compiled_filter(arguments.filter);
  std::erase_if(baseline.cases, [&](const CaseRecord& record) {
    return !std::regex_search(record.id, filter) && record.id != arguments.rules.reference();
  });
  return baseline;
}

// The baseline's own CPUs, such as isolated ones that --cpus has named, where they are as near to each other here.
std::optional<CpuPair> pair_of_baseline(const CaseRecord& record, Placement placement, const Topology& topology) {
  const CpuPair pair{record.cpus[0], record.cpus[1]};
  if (!topology.can_pin_to(pair.producer) || !topology.can_pin_to(pair.consumer)) return std::nullopt;
  return topology.classify(pair) == placement ? std::optional(pair) : std::nullopt;
}

// The cases that the baseline has measured, with its lengths, as far as they can be measured here. `lacks` says why
// those that this build can't measure are missing.
Plan plan_of(const Result& baseline, const CheckArguments& arguments, const Topology& topology,
             std::map<std::string, std::string>& lacks) {
  Plan plan{.suite = {.name = "check"}, .passes = arguments.passes.value_or(std::clamp(baseline.passes, 1, 10000))};
  const double block_ns = baseline.block_ns.value_or(25e6);
  plan.block = std::chrono::nanoseconds(static_cast<std::int64_t>(std::clamp(block_ns, 1e6, 1e10)));
  for (const CaseRecord& record : baseline.cases) {
    if (record.status != Status::ok) continue;
    try {
      PlannedCase planned = planned_case(record, plan.block, arguments.baseline);
      const auto cpus = pair_of_baseline(record, planned.spec.placement, topology);
      planned.cpus = (cpus ? cpus : topology.pair(planned.spec.placement)).value_or(CpuPair{});
      const Transport& transport = *find_transport(planned.spec.transport);
      planned.skip_reason = refusal(planned.spec, transport, transport.probe(), topology, cpus);
      plan.cases.push_back(std::move(planned));
    } catch (const ResultError& error) {
      plan.notes.emplace_back(error.what());
      lacks.emplace(record.id, error.what());
    }
  }
  if (plan.cases.empty() && !lacks.empty()) {
    throw NotComparable(fmt::format("--baseline {}: this build has none of its {} cases: {}", arguments.baseline,
                                    lacks.size(), plan.notes.front()));
  }
  if (plan.cases.empty()) {
    throw NotComparable(
        fmt::format("--baseline {}: it has measured no case{}", arguments.baseline,
                    arguments.filter.empty() ? "" : fmt::format(" that '{}' matches", arguments.filter)));
  }
  return plan;
}

int check(const CheckArguments& arguments, const Globals& globals) {
  arguments.outputs.check();
  const std::unique_ptr<ProgressReporter> progress = make_progress(progress_mode_named(arguments.progress));
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
  const StoredRules rules = arguments.rules.load(baseline, noise, no_noise);
  if (!rules.reference.empty()) check_reference(baseline, rules.reference, "the baseline");
  std::map<std::string, std::string> lacks;
  Plan plan = plan_of(baseline, arguments, topology, lacks);
  const auto payload = payload_named(baseline.payload);
  if (!payload)
    throw ResultError(fmt::format("{}: payload: \"{}\" is unknown", arguments.baseline, printable(baseline.payload)));
  for (const std::string& note : plan.notes) progress->note(fmt::format("note: {}", note));

  const std::string output =
      arguments.output.empty() ? fmt::format("./ipcbench-check-{}.ipcbench.json", utc_timestamp()) : arguments.output;
  begin_measuring(*progress);
  // Both sides of the comparison wait alike.
  const RunOptions options{.payload = *payload,
                           .seed = fresh_seed(arguments.seed),
                           .output = output,
                           .command = globals.command,
                           .hybrid_spins = stored_hybrid_spins(baseline, plan)};
  const Result measured = run_plan(std::move(plan), topology, options, *progress);
  progress->measured();
  const std::vector<StoredHead> heads = {{.result = &measured, .lacks = std::move(lacks)}};
  JobReport report = decide_stored(baseline, heads, rules);
  if (!no_noise.empty()) report.notes.push_back(no_noise);
  report.kind = "check";
  report.base = printable(arguments.baseline);
  report.head = output;
  report.interrupted = !measured.complete;
  const int code = arguments.outputs.write(report, nullptr, globals);
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
