#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/measured_run.h"
#include "cli/options/command_line.h"
#include "cli/options/promise.h"
#include "cli/options/subcommands.h"
#include "cli/output/result_text.h"
#include "cli/terminal/exit_code.h"
#include "harness/base/usage_error.h"
#include "harness/run/runner.h"
#include "plots/tables/load_curve_tables.h"
#include "plots/tables/rate_answer_tables.h"
#include "plots/tables/result_tables.h"
#include "results/rows/rate_promise.h"

namespace ipcbench {
namespace {

constexpr const char* kFindRateExamples = R"(Examples:
  ipcbench find-rate 'p99<50us' --transport pipe,unix-stream
  ipcbench find-rate 'p99<200us' --cpu 20% --transport tcp --size 1KiB
  ipcbench find-rate 'service p50<5us' --transport posix-shm --wait spin --placement same-l3 --option pacer=spin
  ipcbench find-rate 'p99.9<1ms' --option schedule=poisson -o rate.ipcbench.json
  ipcbench find-rate --resume rate.ipcbench.json

It measures each channel's saturation and goes down from there. The rate that it finds is the highest whose 95 % interval
keeps the promise while that of the next rate, 5 % higher, doesn't; under 6 launches have no interval. A promise is about
the response, from when a message was due to its receipt, or with "service" about the time from its send.

Exit codes: 0 if every channel has such a rate, 1 if one has none, 3 if the intervals don't tell.)";

struct FindRateArguments {
  std::string promise, cpu;
  RunFlags flags;
};

std::string find_rate_text(const Result& result, bool color) {
  std::vector<Table> tables = {run_table(result)};
  for (Table& table : load_curve_tables(result)) tables.push_back(std::move(table));
  if (Table missing = not_measured_table(result); !missing.parts.front().rows.empty())
    tables.push_back(std::move(missing));
  for (Table& table : rate_answer_tables(result)) tables.push_back(std::move(table));
  return format_tables(tables, TableFormat::text, color);
}

// Returns the exit code of a whole search, by its worst channel.
int exit_code_of_search(const Result& result) {
  if (const int code = exit_code_of(result); code != 0 || !result.promise) return code;
  bool none = false, undecided = false;
  for (const LoadCurve& curve : searched_curves(result)) {
    const RateAnswer answer = rate_answer(curve, *result.promise);
    const bool is_open = answer.undecided != nullptr || curve.points.empty();
    if (answer.highest == nullptr) (is_open ? undecided : none) = true;
  }
  return undecided ? kExitTooNoisy : none ? kExitNoRate : 0;
}

int find_rate(const FindRateArguments& arguments, const Globals& globals) {
  MeasuringCommand command{
      .name = "find-rate", .text = find_rate_text, .exit_code = exit_code_of_search, .promise = {}};
  if (arguments.flags.resume.empty()) {
    if (arguments.promise.empty()) throw UsageError("find-rate: give a promise; example: find-rate 'p99<50us'");
    PromiseRecord promise = parse_promise(arguments.promise);
    if (!arguments.cpu.empty()) promise.cpu_ratio = parse_cpu_share(arguments.cpu);
    promise.options = arguments.flags.arguments.load_options();
    if (promise.cpu_ratio && has_spinning_pacer(promise)) {
      throw UsageError(
          "--cpu: a spinning pacer's CPU time can't be told from the sender's; leave out --cpu or pacer=spin");
    }
    command.promise = std::move(promise);
  } else if (!arguments.promise.empty() || !arguments.cpu.empty()) {
    throw UsageError(fmt::format("--resume takes the promise from {}; leave it and --cpu out", arguments.flags.resume));
  }
  return measure_run(command, arguments.flags, globals);
}

}  // namespace

Subcommand add_find_rate(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("find-rate", "finds the highest rate at which a latency is kept");
  app->footer(kFindRateExamples);
  auto arguments = std::make_shared<FindRateArguments>();
  app->add_option("PROMISE", arguments->promise, "p50, p90, p99, p99.9 or max below a time: 'p99<50us'");
  app->add_option("--cpu", arguments->cpu, "CPU time of both sides below this part of one CPU, too: 20%")
      ->check(not_empty())
      ->option_text("PERCENT");
  arguments->flags.arguments.add_find_rate_to(*app);
  add_run_flags_to(*app, arguments->flags);
  return {app, [arguments, &globals] { return find_rate(*arguments, globals); }};
}

}  // namespace ipcbench
