#include "harness/ab/paired_run.h"

#include <fcntl.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "harness/base/io.h"
#include "harness/base/usage_error.h"
#include "harness/files/output_file.h"
#include "harness/measure/clock_choice.h"
#include "harness/measure/splitmix64.h"
#include "harness/plan/cast_lengths.h"
#include "harness/plan/open_loop_lengths.h"
#include "harness/plan/pass_order.h"
#include "harness/plan/plan_time.h"
#include "harness/process/stop_signals.h"
#include "harness/run/build_info.h"
#include "harness/run/case_records.h"
#include "harness/run/host_records.h"
#include "harness/run/launch_requests.h"
#include "harness/suite/duration.h"
#include "results/compare/comparability.h"
#include "results/figures/launch_figures.h"
#include "results/files/pair_file.h"
#include "results/model/utf8.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kFirstPilotOps = 50;
constexpr std::uint64_t kMostPilotOps = 20'000;
constexpr auto kPilotBlock = 3ms;
constexpr std::uint64_t kLeastOps = 20;  // one for each slice
constexpr std::uint64_t kCountedOps = 200;

// Returns the time per op of a launch; 0 without one. The median of a pilot's round trips is used, since the mean may
// contain a tick of the scheduler; but the round trips of several clients overlap.
double op_time(const LaunchRecord& launch) {
  if (launch.cast) return op_ns(launch).value_or(0);
  if (const std::optional<double> p50 = supported_quantile(launch, 0.5)) return *p50;
  return op_ns(launch).value_or(0);
}

std::uint64_t ops_for(std::chrono::nanoseconds block, double op_ns) {
  return round_1_2_5(
      std::max(static_cast<double>(kLeastOps), static_cast<double>(block.count()) / std::max(op_ns, 1.0)));
}

PairedCase paired_case(const PlannedCase& planned) {
  return {.id = planned.spec.id(),
          .scenario = planned.spec.scenario,
          .transport = planned.spec.transport,
          .wait = planned.spec.wait,
          .placement = planned.spec.placement,
          .cpus = {planned.cpus.producer, planned.cpus.consumer},
          .reason = planned.skip_reason};
}

std::string settings_text(const std::vector<std::pair<std::string, std::string>>& settings) {
  std::string text;
  for (const auto& [name, value] : settings) text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  return text.empty() ? "none" : printable(text);
}

std::string build_text(const ArmRecord& arm) {
  if (!arm.build) return printable(arm.program);
  const BuildInfo& build = *arm.build;
  return printable(fmt::format("{} {}, {}, {}", build.version, build.git, build.compiler, build.build_type));
}

void refuse_another_arm(const ArmRecord& stored, const ArmRecord& here) {
  const auto compare = [&](std::string_view what, const std::string& a, const std::string& b) {
    if (a == b) return;
    throw NotComparable(
        fmt::format("--resume: its {} was measured with {} {}, here with {}; name the same builds and settings as then",
                    here.name, what, a, b));
  };
  compare("the build", build_text(stored), build_text(here));
  compare("the environment", settings_text(stored.environment), settings_text(here.environment));
  compare("the options", settings_text(stored.options), settings_text(here.options));
}

// Refuses to resume with other builds or settings. They come from the command line, since a file of pairs names no
// program to run.
void refuse_another_job(const PairHeader& stored, const PairHeader& here) {
  refuse_another_arm(stored.base, here.base);
  refuse_another_arm(stored.head, here.head);
  const std::string elsewhere = host_difference(conditions_of(stored), conditions_of(here));
  if (!elsewhere.empty()) throw NotComparable(fmt::format("--resume: its pairs were measured {}", elsewhere));
}

}  // namespace

PairedRun::PairedRun(Plan plan, Arm base, Arm head, PairedOptions options, RunObserver& observer)
    : plan_(std::move(plan)),
      base_(std::move(base)),
      head_(std::move(head)),
      options_(std::move(options)),
      observer_(observer),
      run_dir_(RunDir::create()),
      broken_(plan_.cases.size()) {}

PairedRun::PairedRun(Plan plan, const Topology& topology, Arm base, Arm head, PairedOptions options,
                     RunObserver& observer)
    : PairedRun(std::move(plan), std::move(base), std::move(head), std::move(options), observer) {
  describe(topology);
  open_output();
  choose_clock_for(topology);
  const bool share_spin = base_.takes_hybrid_spin && head_.takes_hybrid_spin;  // else each launch measures its own
  if (share_spin) session_.header.hybrid_spins = measure_hybrid_spins(plan_, clock_);
  look_for_other_runs();
}

PairedRun::PairedRun(PairSession stored, Plan plan, const Topology& topology, Arm base, Arm head, PairedOptions options,
                     RunObserver& observer)
    : PairedRun(std::move(plan), std::move(base), std::move(head), std::move(options), observer) {
  describe(topology);
  refuse_another_job(stored.header, session_.header);
  open_output();
  choose_clock_for(topology);
  if (stored.header.clock.kind != session_.header.clock.kind) {
    throw NotComparable(fmt::format("--resume: its pairs were measured by the clock {}, here it is {}",
                                    printable(stored.header.clock.kind), session_.header.clock.kind));
  }
  take_up(std::move(stored));
  look_for_other_runs();
}

void PairedRun::choose_clock_for(const Topology& topology) {
  const ClockChoice choice = choose_clock(cpus_used(plan_, topology));
  clock_ = choice.clock;
  session_.header.clock = clock_record(choice);
}

// Takes over stored pairs as if this part of the session had measured them.
void PairedRun::take_up(PairSession stored) {
  session_ = std::move(stored);
  is_resumed_ = true;
  for (const LaunchPair& pair : session_.pairs) {
    earlier_s_ = std::max(earlier_s_, pair.at_s.value_or(0));
    if (pair.counts) continue;
    for (std::size_t index = 0; index < session_.header.cases.size(); ++index) {
      if (session_.header.cases[index].id != pair.case_id) continue;
      count_broken(index, false, pair.base.status);
      count_broken(index, true, pair.head.status);
    }
  }
}

void PairedRun::look_for_other_runs() {
  if (const std::string warning = other_runs_.look(run_dir_); !warning.empty()) observer_.note(warning);
}

void PairedRun::describe(const Topology& topology) {
  const MachineRecord machine = machine_record(topology);
  session_.header = {.started = utc_now(),
                     .boot = read_line("/proc/sys/kernel/random/boot_id").value_or(""),
                     .machine_class = machine.machine_class,
                     .inherited = machine.inherited,
                     .suite = plan_.suite.name,
                     .payload = options_.payload,
                     .workers = std::string(to_string(plan_.cases.front().workers)),
                     .block_ns = static_cast<double>(plan_.block.count()),
                     .seed = options_.seed,
                     .rounds = options_.rounds,
                     .looks = options_.looks,
                     .build = build_info(),
                     .base = base_.record,
                     .head = head_.record};
  for (const PlannedCase& planned : plan_.cases) {
    PairedCase& c = session_.header.cases.emplace_back(paired_case(planned));
    if (traffic_of(planned.spec.scenario) == Traffic::none)
      c.reason = "paired launches measure round trips, streams and loads, not set-up";
    if (open_loop_of(planned.spec).load_percent != 0)
      c.reason = "a share of the saturation isn't the same rate for both: a given rate (rate=20k) can be compared";
  }
}

// Opens the output before anything is measured, so that an unwritable place is reported now.
void PairedRun::open_output() {
  if (is_stdout(options_.output))
    throw UsageError("--output -: the pairs are appended to a file, and stdout carries the report; name a file");
  try {
    log_ = std::make_unique<LineLog>(output_target(options_.output), "pairs", O_CREAT);
  } catch (const std::system_error& error) {
    throw UsageError(
        fmt::format("--output {}: {}; name a file in a folder that can be written to", options_.output, error.what()));
  }
  const std::string text = log_->text();
  if (text.empty()) return;
  const bool is_torn_header = text.find('\n') == std::string::npos && text.find(kPairsSchema) != std::string::npos;
  if (is_torn_header) return log_->clear();
  const PairFile known = pairs_from_text(text, options_.output);
  const std::string elsewhere =
      host_difference(conditions_of(known.sessions.back().header), conditions_of(session_.header));
  if (!elsewhere.empty()) {
    throw NotComparable(fmt::format("--output {}: its pairs were measured {}", options_.output, elsewhere));
  }
  log_->drop_torn_line();
}

std::vector<std::string> PairedRun::cases() const {
  std::vector<std::string> ids;
  for (const PairedCase& c : session_.header.cases) {
    if (c.reason.empty()) ids.push_back(c.id);
  }
  return ids;
}

std::vector<std::string> PairedRun::given_up() const {
  std::vector<std::string> ids;
  for (std::size_t index = 0; index < broken_.size(); ++index) {
    if (gave_up(index)) ids.push_back(session_.header.cases[index].id);
  }
  return ids;
}

void PairedRun::prepare() {
  if (is_resumed_) return;
  for (const PlannedCase& planned : plan_.cases) {
    const std::string largest = at_largest_text(case_record(planned, options_.payload)).english;
    if (!largest.empty()) observer_.note(fmt::format("{}: {}", planned.spec.id(), largest));
  }
  for (std::size_t index = 0; index < plan_.cases.size() && !stop_requested(); ++index) {
    if (session_.header.cases[index].reason.empty()) pilot(index);
  }
  log_->append(to_json_line(session_.header));
  const auto lacks = [](const PairedCase& c) { return c.missing; };
  const std::vector<PairedCase>& all = session_.header.cases;
  if (!stop_requested() && std::all_of(all.begin(), all.end(), lacks)) {
    throw NotComparable(fmt::format("the two builds have no case of suite {} in common: {}: {}", plan_.suite.name,
                                    all.front().id, all.front().reason));
  }
}

void PairedRun::pilot(std::size_t index) {
  PairedCase& c = session_.header.cases[index];
  double slowest_ns = 0, fastest_ns = std::numeric_limits<double>::infinity();
  for (const Arm* arm : {&base_, &head_}) {
    double op_ns = 0;
    for (std::uint64_t ops = kFirstPilotOps;;) {
      observer_.progress(progress("pilot", c.id));
      const ArmOutcome outcome = launch(*arm, index, ops, 0, mixed_seed(options_.seed, ~index), false);
      if (outcome.interrupted || stop_requested()) return;
      if (!outcome.no_such_case.empty()) {
        c.missing = true;
        c.reason = fmt::format("{} has no such case: {}", arm->record.name, outcome.no_such_case);
        return;
      }
      if (outcome.record.status == Status::skipped) {
        c.reason = fmt::format("{}: {}", arm->record.name, outcome.record.reason);
        return;
      }
      op_ns = op_time(outcome.record);
      // A case that fails in its pilot is still measured: then both arms are, and the failure is stored.
      if (outcome.record.status != Status::ok || op_ns <= 0 || ops != kFirstPilotOps) break;
      ops = std::min(ops_for(kPilotBlock, op_ns), kMostPilotOps);
      if (ops <= kFirstPilotOps) break;
    }
    slowest_ns = std::max(slowest_ns, op_ns);
    if (op_ns > 0) fastest_ns = std::min(fastest_ns, op_ns);
  }
  const PlannedCase& planned = plan_.cases[index];
  std::chrono::nanoseconds block = plan_.block;
  if (has_cast(planned.spec)) block = std::max(block, shortest_cast_block(planned.spec, planned.seat_cpus));
  c.ops = slowest_ns > 0 ? ops_for(block, slowest_ns) : kLeastOps;
  if (is_scheduled(planned.spec)) {
    const bool is_saturation = !open_loop_of(planned.spec).is_paced() && slowest_ns > 0;
    c.ops = scheduled_ops(planned, is_saturation ? slowest_ns : 1, plan_.block);  // else as long as its schedule
  }
  // Rule 14, by the faster arm, so that it holds for both.
  const bool share_warm_up = base_.takes_warm_up && head_.takes_warm_up;
  if (share_warm_up && slowest_ns > 0) c.warmup_ops = warm_up_ops(fastest_ns);
}

bool PairedRun::counts_calls() {
  if (base_.counts_calls && head_.counts_calls) return true;
  observer_.note(fmt::format("note: {} can't count system calls: context switches stand in their place",
                             base_.counts_calls ? "head" : "base"));
  return false;
}

std::uint64_t PairedRun::seed_of(const JobStep& step) const {
  constexpr std::uint64_t kStages = 1'000'000;  // keeps the seeds apart from the pilots'
  return mixed_seed(options_.seed, kStages + (step.counts ? 1 : 0) + (step.confirms ? 2 : 0));
}

std::string PairedRun::stage_of(const JobStep& step) const {
  std::string name = step.counts ? "system calls" : "rounds";
  if (step.confirms) name = step.counts ? "system calls again" : "again";
  return options_.looks.empty() || step.is_first(session_.header) ? name
                                                                  : fmt::format("{}, up to {}", name, step.rounds);
}

void PairedRun::measure(const JobStep& step) {
  const std::vector<PairedCase>& cases = session_.header.cases;
  std::vector<int> next(cases.size(), step.rounds);  // by case: the first round that it lacks; step.rounds: none
  int first = step.rounds;
  for (std::size_t index = 0; index < cases.size(); ++index) {
    if (std::ranges::find(step.cases, cases[index].id) == step.cases.end()) continue;
    next[index] = step.rounds - static_cast<int>(pairs_lacking(session_, step, cases[index].id));
    first = std::min(first, next[index]);
  }
  const std::uint64_t seed = seed_of(step);
  for (int round = first; round < step.rounds && !is_over(); ++round) {
    // Of two rounds, the second has the opposite order.
    const auto even = static_cast<std::uint64_t>(round - round % 2);
    const bool head_first = (mixed_seed(seed, even) % 2 == 0) != (round % 2 == 1);
    for (const std::size_t index : pass_order(plan_, seed, round)) {
      if (stop_requested()) return;
      if (round < next[index] || !cases[index].reason.empty() || gave_up(index)) continue;
      if (!take_pair(step, index, round, head_first)) return;
    }
  }
}

// Measures a pair. Returns false if the user wants to stop at once.
bool PairedRun::take_pair(const JobStep& step, std::size_t index, int round, bool head_first) {
  const PairedCase& c = session_.header.cases[index];
  const std::string stage = stage_of(step);
  LaunchPair pair{
      .case_id = c.id, .round = round, .counts = step.counts, .confirms = step.confirms, .head_first = head_first};
  pair.at_s = earlier_s_ + std::chrono::duration<double>(elapsed()).count();
  const std::uint64_t ops = step.counts ? std::min(c.ops, kCountedOps) : c.ops;
  for (const bool is_head : {head_first, !head_first}) {
    observer_.progress(progress(stage, c.id));
    const std::uint64_t seed = mixed_seed(mixed_seed(options_.seed, index), static_cast<std::uint64_t>(round));
    ArmOutcome outcome = launch(is_head ? head_ : base_, index, ops, c.warmup_ops, seed, step.counts);
    if (outcome.interrupted) return false;
    if (!outcome.no_such_case.empty()) {
      outcome.record.status = Status::crashed;
      outcome.record.reason = outcome.no_such_case;
    }
    ++done_;
    look_for_other_runs();
    pair.other_runs = std::max(pair.other_runs, static_cast<int>(other_runs_.now()));
    outcome.record.pass = round;
    observer_.launched(outcome.record, progress(stage, c.id));
    const Status status = outcome.record.status;
    if (status != Status::ok && !step.counts) {
      count_broken(index, is_head, status);
      observer_.note(fmt::format("{}: {}: {}: {}", c.id, is_head ? "head" : "base", to_string(status),
                                 printable(outcome.record.reason)));
    }
    (is_head ? pair.head : pair.base) = metrics_of(outcome.record);
  }
  log_->append(to_json_line(pair));
  session_.pairs.push_back(std::move(pair));
  return true;
}

void PairedRun::count_broken(std::size_t index, bool is_head, Status status) {
  if (status == Status::ok) return;
  broken_[index][is_head ? 1 : 0] += status == Status::invalid ? kBrokenToGiveUp : 1;
}

ArmOutcome PairedRun::launch(const Arm& arm, std::size_t index, std::uint64_t ops, std::uint64_t warmup_ops,
                             std::uint64_t seed, bool counts) {
  const CaseSpec& spec = plan_.cases[index].spec;
  const std::vector<HybridSpinRecord>& spins = session_.header.hybrid_spins;
  const bool spins_first = spec.wait == WaitStrategy::hybrid && !spins.empty();
  // With one clock for both, neither arm chooses its own: both do the same work.
  const bool share_clock = base_.takes_clock && head_.takes_clock;
  return launch_arm(arm,
                    {.spec = case_of_arm(arm, spec),
                     .cpus = plan_.cases[index].cpus,
                     .ops = ops,
                     .seed = seed,
                     .payload = options_.payload,
                     .workers = plan_.cases[index].workers,
                     .counts_calls = counts,
                     .clock = share_clock ? std::optional(clock_) : std::nullopt,
                     .warmup_ops = warmup_ops > 0 ? std::optional(warmup_ops) : std::nullopt,
                     .hybrid_spin = spins_first ? std::optional(hybrid_spin_at(spins, spec.placement)) : std::nullopt},
                    launch_deadline(spec, ops, std::max(warmup_ops, ops)));
}

Progress PairedRun::progress(std::string_view stage, std::string_view case_id) const {
  const double per_launch = done_ == 0 ? 0 : static_cast<double>(elapsed().count()) / static_cast<double>(done_);
  const double left = per_launch * static_cast<double>(total_ - std::min(total_, done_));
  return {.stage = stage,
          .case_id = case_id,
          .done = done_,
          .total = std::max(total_, done_),
          .elapsed = elapsed(),
          .left = whole_ns(left)};
}

}  // namespace ipcbench
