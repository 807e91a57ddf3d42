#include "cli/options/run_arguments.h"

#include <algorithm>
#include <charconv>
#include <random>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/options/budget.h"
#include "cli/options/command_line.h"
#include "cli/options/paired_job.h"
#include "harness/base/usage_error.h"
#include "harness/files/output_file.h"
#include "harness/plan/load_points.h"
#include "harness/plan/make_plan.h"
#include "harness/plan/open_loop_lengths.h"
#include "harness/suite/case_names.h"
#include "harness/suite/suite.h"
#include "plots/exports/exports.h"
#include "results/compare/looks.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

constexpr const char* kHow = "How";
constexpr const char* kWhat = "What is measured (for several: with commas, or the flag again)";

int parse_cpu(std::string_view text, std::string_view all, const std::string& what, const Topology& topology) {
  int cpu = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cpu);
  if (error != std::errc() || end != text.data() + text.size() || cpu < 0)
    throw UsageError(fmt::format("{}: '{}' is not a pair of CPU numbers; example: {} 0,1", what, all, what));
  topology.require_cpu(cpu, what);
  return cpu;
}

std::pair<std::string, std::string> parse_option(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageError(fmt::format("--option: '{}' is not KEY=VALUE; example: --option capacity=1MiB", text));
  return {text.substr(0, equals), text.substr(equals + 1)};
}

// Adds a list: separated by commas, or given several times. Each takes one argument, or it would swallow the suite
// behind it.
CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<std::string>& values, const std::string& text,
                      const char* placeholder) {
  return app.add_option(name, values, text)->delimiter(',')->allow_extra_args(false)->option_text(placeholder);
}

// Returns what the help says of a suite's name.
std::string about_suites(std::string_view usual) {
  return fmt::format("a built-in suite ({}) or a .toml file; default: {}", fmt::join(builtin_suites(), ", "), usual);
}

std::vector<const CLI::Option*> options_of(const CLI::App& app) { return app.get_options(); }

}  // namespace

CpuPair parse_cpus(const std::string& text, const std::string& what, const Topology& topology) {
  const std::string_view all = text;
  const std::size_t comma = all.find(',');
  const int producer = parse_cpu(all.substr(0, comma), all, what, topology);
  if (comma == std::string_view::npos) return {producer, producer};
  return {producer, parse_cpu(all.substr(comma + 1), all, what, topology)};
}

std::string format_cpus(CpuPair cpus) {
  return cpus.producer < 0 ? "any" : fmt::format("{},{}", cpus.producer, cpus.consumer);
}

PayloadMode parse_payload(const std::string& text) {
  std::vector<std::string> names;
  for (const PayloadMode mode : kPayloadModes) {
    if (to_string(mode) == text) return mode;
    names.emplace_back(to_string(mode));
  }
  throw UsageError(fmt::format("--payload: unknown mode '{}'{}", text, suggestion(text, names)));
}

Workers parse_workers_option(const std::string& text) {
  if (const std::optional<Workers> workers = parse_workers(text)) return *workers;
  throw UsageError(fmt::format("--workers: unknown kind '{}'{}", text, suggestion(text, workers_names())));
}

void add_workers_to(CLI::App& app, std::string& workers) {
  app.add_option("--workers", workers,
                 "how the two processes come to life: fork (default), copies of the coordinator; exec, the program run "
                 "anew")
      ->option_text("KIND")
      ->group(kHow);
}

std::uint64_t fresh_seed(const std::optional<std::uint64_t>& given) { return given ? *given : std::random_device{}(); }

void RunArguments::add_to(CLI::App& app) {
  const std::vector<const CLI::Option*> before = options_of(app);
  add_selection_to(app);
  add_passes_to(app);
  add_payload_to(app);
  add_output_to(app);
  add_budget_and_precision_to(app);
  remember_added(app, before);
}

void RunArguments::remember_added(const CLI::App& app, const std::vector<const CLI::Option*>& before) {
  for (const CLI::Option* option : options_of(app)) {
    if (std::find(before.begin(), before.end(), option) == before.end()) added_.push_back(option);
  }
}

void RunArguments::add_cases_to(CLI::App& app) {
  add_selection_to(app);
  add_payload_to(app);
}

void RunArguments::add_pairs_to(CLI::App& app) {
  const std::vector<const CLI::Option*> before = options_of(app);
  suite_ = "ci";
  app.add_option("--suite", suite_, about_suites("ci"))->option_text("SUITE");
  add_axes_to(app);
  add_payload_to(app);
  remember_added(app, before);
}

void RunArguments::add_selection_to(CLI::App& app) {
  app.add_option("SUITE", suite_, about_suites("quick"));
  add_axes_to(app);
}

void RunArguments::add_load_to(CLI::App& app) {
  const std::vector<const CLI::Option*> before = options_of(app);
  kind_ = Kind::curves;
  suite_ = "load";
  add_points_to(app);
  add_places_to(app);
  add_passes_to(app);
  add_payload_to(app);
  add_output_to(app);
  add_budget_to(app, budget_,
                "5min, 90s: blocks are shortened to fit, then rates are left out, launches never; default: 6min");
  remember_added(app, before);
}

void RunArguments::add_find_rate_to(CLI::App& app) {
  const std::vector<const CLI::Option*> before = options_of(app);
  kind_ = Kind::saturations;
  suite_ = "load";
  add_places_to(app);
  add_passes_to(app);
  add_payload_to(app);
  add_output_to(app);
  remember_added(app, before);
}

void RunArguments::add_points_to(CLI::App& app) {
  CLI::Option* shares =
      add_list(app, "--load", shares_, "per cent of the saturation, instead of the usual loads and rates: 10,50,90",
               "PERCENT,...")
          ->group(kWhat);
  CLI::Option* rates =
      add_list(app, "--rate", rates_, "messages a second, instead of the usual loads and rates: 20k,1M", "RATE,...")
          ->group(kWhat);
  app.add_flag("--idle", is_idle_, "instead of loads: round trips after 100 us to 1 s of silence, the suite idle")
      ->excludes(shares)
      ->excludes(rates)
      ->group(kWhat);
}

void RunArguments::add_axes_to(CLI::App& app) {
  add_list(app, "--scenario", selected_.scenarios, fmt::format("{}", fmt::join(scenario_names(), ", ")), "NAME,...")
      ->group(kWhat);
  add_places_to(app);
}

void RunArguments::add_places_to(CLI::App& app) {
  // No delimiter: a comma may be part of an expression.
  app.add_option("--filter", selected_.filters, "only cases whose id matches; a leading '-' negates; all must hold")
      ->allow_extra_args(false)
      ->option_text("REGEX")
      ->group(kWhat);
  add_list(app, "--transport", selected_.transports, "these transports only", "NAME,...")->group(kWhat);
  add_list(app, "--size", sizes_, "message sizes: 64, 4KiB, 1MiB; what carries less is measured at its largest",
           "SIZE,...")
      ->group(kWhat);
  add_list(app, "--wait", selected_.waits, "wait strategies: block, spin, poll, hybrid, io-uring", "NAME,...")
      ->group(kWhat);
  CLI::Option* placements = add_list(app, "--placement", selected_.placements,
                                     "where the two processes run: same-cpu, same-l3 ...", "NAME,...")
                                ->group(kWhat);
  app.add_option("--cpus", cpus_, "this very pair of CPUs, instead of placements")
      ->option_text("A,B")
      ->excludes(placements)
      ->group(kWhat);
  add_list(app, "--option", options_,
           "an option of a scenario or a transport, for those that have it: reply=4KiB, capacity=1MiB, depth=4; see "
           "ipcbench list",
           "KEY=VALUE,...")
      ->group(kWhat);
}

void RunArguments::add_passes_to(CLI::App& app) {
  app.add_option("--passes", passes_, "launches of each case; under 6 there are no intervals")
      ->check(CLI::Range(1, 10000))
      ->option_text("N")
      ->group(kHow);
}

void RunArguments::add_payload_to(CLI::App& app) {
  app.add_option("--seed", seed_, "of the order of cases and of the payload; default: a fresh one")
      ->check(not_negative())
      ->option_text("N")
      ->group(kHow);
  app.add_option(
         "--payload", payload_,
         "what is written and checked: lines (default), a word of each; full, every byte; header, the first word")
      ->option_text("MODE")
      ->group(kHow);
  add_workers_to(app, workers_);
}

void RunArguments::add_output_to(CLI::App& app) {
  app.add_option("-o,--output", output_,
                 "the result file, compressed if it ends in .zst, or - for its JSON on stdout; default: "
                 "./ipcbench-SUITE-TIME.ipcbench.json")
      ->option_text("FILE")
      ->group(kHow);
}

void RunArguments::add_budget_and_precision_to(CLI::App& app) {
  add_budget_to(
      app, budget_,
      "5min, 90s: blocks are shortened to fit; with --precision, until when cases go on; default: the suite's");
  app.add_option(
         "--precision", precision_,
         "goes on with cases whose interval is wider than this part of the median, up to 16 times the launches: 2%")
      ->check(not_empty())
      ->option_text("P")
      ->group(kHow);
}

std::vector<std::string> RunArguments::given() const { return names_given(added_); }

Selection RunArguments::selection(const Topology& topology) const {
  Selection selection = selected_;
  for (const std::string& size : sizes_) selection.sizes.push_back(parse_size(size, "--size"));
  if (!cpus_.empty()) selection.cpus = parse_cpus(cpus_, "--cpus", topology);
  for (const std::string& option : options_) selection.options.push_back(parse_option(option));
  if (!workers_.empty()) selection.workers = parse_workers_option(workers_);
  selection.payload = payload();
  return selection;
}

void RunArguments::choose_points(Suite& suite) const {
  const bool searches = kind_ == Kind::saturations;
  for (const std::string& option : options_) {
    const std::string name = parse_option(option).first;
    if (!is_point(name)) continue;
    const std::string why =
        searches ? "the rates are what is looked for" : fmt::format("the rates of a curve are given by --{}", name);
    throw UsageError(fmt::format("--option {}: {}", name, why));
  }
  if (searches || !shares_.empty() || !rates_.empty()) set_points(suite, shares_, rates_);
  if (!searches) return;
  suite.name = "find-rate";
  suite.block = kShortestSchedule;
}

Plan RunArguments::plan(const Topology& topology) const {
  Suite suite = load_suite(is_idle_ ? "idle" : suite_);
  const bool has_points = kind_ != Kind::suite && !is_idle_;
  if (has_points) choose_points(suite);
  const std::chrono::nanoseconds budget = parse_budget(budget_, suite.budget);
  suite.budget = has_points ? std::chrono::nanoseconds::zero() : budget;
  const std::optional<double> precision =
      precision_.empty() ? std::nullopt : std::optional(parse_precision(precision_));
  Plan plan = make_plan(suite, selection(topology), topology, passes_);
  if (kind_ == Kind::curves && has_points) fit_points_to_budget(plan, budget);
  plan.speed = measure_host_speed(plan.cases);
  if (!precision) return plan;
  plan.precision = precision;
  plan.looks = looks_from(plan.passes, kMostLooks);
  plan.notes.push_back(fmt::format(
      "cases go on until their interval is within ±{:.3g} % of the median: intervals are of {:.0f} % each, so "
      "that 95 % hold over the looks after {} launches together",
      100 * *precision, 100 * (1 - 2 * tail_of_look(plan.looks.size())), fmt::join(plan.looks, ", ")));
  if (!budget_.empty()) plan.budget = suite.budget;
  return plan;
}

Plan RunArguments::plan_of_pairs(const Topology& topology) const {
  Suite suite = load_suite(suite_);
  suite.budget = {};
  return make_plan(suite, selection(topology), topology, passes_);
}

std::vector<std::pair<std::string, std::string>> RunArguments::load_options() const {
  std::vector<std::pair<std::string, std::string>> options;
  for (const std::string& option : options_) {
    if (std::pair<std::string, std::string> one = parse_option(option); is_of_paced_loads(one.first))
      options.push_back(std::move(one));
  }
  return options;
}

bool RunArguments::writes_to_stdout() const { return is_stdout(output_); }

std::string RunArguments::suite_name() const { return load_suite(suite_).name; }

std::string RunArguments::output(const Suite& suite) const {
  if (!output_.empty() && !writes_to_stdout()) return output_;
  return fmt::format("./ipcbench-{}-{}.ipcbench.json", export_name(suite.name), utc_timestamp());
}

}  // namespace ipcbench
