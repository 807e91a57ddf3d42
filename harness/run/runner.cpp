#include "harness/run/runner.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "harness/files/output_file.h"
#include "harness/launch/channel_memory.h"
#include "harness/launch/launch.h"
#include "harness/measure/splitmix64.h"
#include "harness/plan/pass_order.h"
#include "harness/plan/plan_time.h"
#include "harness/run/build_info.h"
#include "harness/run/case_records.h"
#include "harness/run/host_records.h"
#include "harness/run/launch_requests.h"
#include "harness/run/other_runs.h"
#include "harness/run/run_host.h"
#include "harness/suite/duration.h"
#include "results/compare/looks.h"
#include "results/figures/launches_lacking.h"
#include "results/figures/summary.h"
#include "results/files/journal.h"
#include "results/files/store.h"
#include "results/rows/precision.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using Time = std::chrono::steady_clock;
using Nanoseconds = std::chrono::nanoseconds;

constexpr int kFailuresToGiveUp = 2;  // failed launches after which the rest of a case is skipped

class Run {
 public:
  Run(Plan plan, const Topology& topology, const RunOptions& options, RunObserver& observer)
      : plan_(std::move(plan)),
        topology_(topology),
        options_(options),
        observer_(observer),
        run_dir_(RunDir::create()),
        wanted_(plan_.cases.size(), plan_.passes) {
    for (const PlannedCase& planned : plan_.cases) costs_.push_back(cost_of(planned, plan_));
    const PlanTime planned_time = estimate(plan_);
    reserve_ = planned_time.reserve;
    fixed_left_ = planned_time.fixed;
    floors_left_ = planned_time.floors;
    memory_left_ = planned_time.memory;
    const auto runnable =
        std::ranges::count_if(plan_.cases, [](const PlannedCase& planned) { return planned.skip_reason.empty(); });
    total_launches_ = static_cast<std::size_t>(runnable * plan_.passes);
  }

  Result execute() {
    check_place();
    describe();
    open_journal();
    return measure();
  }

  Result resume(Result stored, std::optional<Journal> journal) {
    take_up(std::move(stored));
    if (!journal) {
      Journal::restore(journal_path(options_.output), result_);
      journal.emplace(Journal::open(journal_path(options_.output)));
    }
    journal_ = std::move(journal);
    journal_->drop_torn_line();
    journal_->append_header(result_);
    return measure();
  }

 private:
  Result measure() {
    look_for_other_runs();
    measure_host();
    pilot_pass();
    for (int pass = 0; pass < plan_.passes && !stop_requested(); ++pass) {
      run_pass(fmt::format("pass {} of {}", pass + 1, plan_.passes), pass, pass_order(plan_, options_.seed, pass));
      sample_floors();
    }
    repeat_short_cases();
    go_on();
    count_calls();
    measure_channels();
    return finish();
  }

  void sample_floors() {
    host_.sample_floors();
    floors_sampled();
  }
  void floors_sampled() { floors_left_ = std::max(floors_left_ - whole_ns(floors_ns(plan_)), Nanoseconds(0)); }

  // Checks the output before anything is measured, so that an unwritable place is reported now.
  void check_place() {
    try {
      if (options_.writes_result) check_output(options_.output);
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("--output {}", error.what()));
    }
  }

  void open_journal() {
    try {
      journal_.emplace(journal_path(options_.output), result_);
    } catch (const JournalUnfinished& unfinished) {
      throw UsageError(fmt::format("--output {}: {}; finish it with --resume {}, or remove it to measure anew",
                                   options_.output, unfinished.what(), options_.output));
    } catch (const JournalInUse&) {
      throw;
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("--output {}: {}", options_.output, error.what()));
    } catch (const std::system_error& error) {
      throw UsageError(fmt::format("--output {}: {}; name a file in a folder that can be written to", options_.output,
                                   error.what()));
    }
  }

  void describe() {
    result_.run_id = run_dir_.id();
    result_.started = utc_now();
    result_.command = options_.command;
    result_.suite = plan_.suite.name;
    result_.seed = options_.seed;
    result_.passes = plan_.passes;
    result_.payload = options_.payload;
    result_.block_ns = static_cast<double>(plan_.block.count());
    result_.looks = plan_.looks;
    result_.precision = plan_.precision;
    if (plan_.budget.count() > 0) result_.budget_ns = static_cast<double>(plan_.budget.count());
    result_.hybrid_spins = options_.hybrid_spins;
    result_.notes = plan_.notes;
    result_.build = build_info();
    result_.machine = machine_record(topology_);
    result_.transports = transport_records();
    if (options_.add_facts) options_.add_facts(run_dir_, result_.transports);
    for (const PlannedCase& planned : plan_.cases) result_.cases.push_back(case_record(planned, options_.payload));
  }

  // Takes over stored launches as if this run had measured them.
  void take_up(Result stored) {
    result_ = std::move(stored);
    result_.resumed.push_back(utc_now());
    for (const HostCheck& check : machine_record(topology_).checks) {
      const auto is_known = [&](const HostCheck& known) { return known.id == check.id; };
      if (std::ranges::none_of(result_.machine.checks, is_known)) result_.machine.checks.push_back(check);
    }
    std::set<std::string> channels;
    for (std::size_t index = 0; index < result_.cases.size(); ++index) {
      const CaseRecord& c = result_.cases[index];
      if (c.channel && channels.insert(channel_of(plan_.cases[index].spec)).second) channel_measured(index);
      // A pilot implies that the host was measured before it.
      if (c.pilot_op_ns) host_known_ = true;
      for (const LaunchRecord& launch : c.launches) {
        // A case without a pilot time failed in its pilot.
        if (launch.status != Status::ok) failures_[index] += c.pilot_op_ns ? 1 : kFailuresToGiveUp;
        kept_.emplace(index, launch.pass);
        ++done_launches_;
      }
    }
  }

  void look_for_other_runs() { keep_other_runs(other_runs_.look(run_dir_)); }
  // Another run that came and went within a pass has still disturbed this launch.
  void look_for_other_runs(LaunchRecord& launch, int pass) {
    keep_other_runs(other_runs_.look_after(launch, pass, run_dir_));
  }

  // Keeps a single check that sums up the other runs seen by this part of the run.
  void keep_other_runs(const std::string& warning) {
    const std::optional<HostCheck> found = other_runs_.finding();
    if (!found) return;
    std::vector<HostCheck>& checks = result_.machine.checks;
    if (!other_runs_check_) {
      other_runs_check_ = checks.size();
      checks.push_back(*found);
    } else {
      checks[*other_runs_check_] = *found;
    }
    if (warning.empty()) return;
    observer_.note(warning);
    journal_->append_header(result_);
  }

  void measure_host() {
    host_.measure(options_.payload, host_known_, [this](std::string_view stage) { report(stage); });
    fixed_left_ = Nanoseconds(0);
    floors_sampled();
  }

  // Runs a discarded launch of every case, which sets its lengths. A case that fails here is not measured; its pilot is
  // kept as the reason.
  void pilot_pass() {
    const bool any_fresh = pilot_cases();
    journal_->append_header(result_);
    if (!any_fresh || stop_requested()) return;
    double bytes = 0;
    for (std::size_t i = 0; i < plan_.cases.size(); ++i) bytes += cost_left(i).bytes;
    observer_.note(fmt::format("after the pilot launches: about {} left, {} of messages to send",
                               format_duration(time_left()), format_volume(bytes)));
  }

  // Runs the missing pilots; returns whether there were any.
  bool pilot_cases() {
    bool any_fresh = false;
    for (const std::size_t index : pass_order(plan_, options_.seed, -1)) {
      if (stop_requested()) return any_fresh;
      PlannedCase& planned = plan_.cases[index];
      if (planned.block_ops > 0 || failures_[index] > 0) {
        keep_lengths(index);
        continue;
      }
      report("pilot", planned.spec.id());
      const LaunchRequest request = pilot_request(request_for(planned, mixed_seed(options_.seed, ~index)));
      any_fresh = true;
      const LaunchOutcome outcome = launch(request, run_dir_);
      if (outcome.interrupted) return any_fresh;
      look_for_other_runs();
      if (outcome.record.status == Status::ok) {
        set_lengths(planned, outcome.pilot_op_ns, plan_.block);
        costs_[index] = cost_of(planned, plan_);
        result_.cases[index].pilot_op_ns = outcome.pilot_op_ns;
        result_.cases[index].ops = planned.block_ops;
      } else {
        store(index, outcome.record, kFailuresToGiveUp);
      }
      launched(outcome.record);
    }
    return any_fresh;
  }

  // Records lengths that came with the plan.
  void keep_lengths(std::size_t index) {
    const PlannedCase& planned = plan_.cases[index];
    if (planned.block_ops == 0 || result_.cases[index].pilot_op_ns) return;
    result_.cases[index].pilot_op_ns = planned.op_ns;
    result_.cases[index].ops = planned.block_ops;
  }

  void run_pass(const std::string& stage, int pass, const std::vector<std::size_t>& order) {
    look_for_other_runs();
    int position = 0;
    for (const std::size_t index : order) {
      if (stop_requested()) return;
      const PlannedCase& planned = plan_.cases[index];
      if (kept_.contains({index, pass})) {
        ++position;
        continue;
      }
      if (planned.block_ops == 0 || gave_up(index)) continue;
      report(stage, planned.spec.id());
      const std::uint64_t seed = mixed_seed(mixed_seed(options_.seed, index), static_cast<std::uint64_t>(pass));
      const LaunchRequest request = block_request(request_for(planned, seed), planned);
      const auto begin = Time::now();
      LaunchOutcome outcome = launch(request, run_dir_);
      if (outcome.interrupted) return;
      seen_ns_ += static_cast<double>(Nanoseconds(Time::now() - begin).count());
      expected_ns_ += costs_[index].launch.ns;
      outcome.record.pass = pass;
      outcome.record.order = position++;
      look_for_other_runs(outcome.record, pass);
      store(index, outcome.record, 1);
      launched(outcome.record);
    }
  }

  // Rule 18: repeats launches of cases with too few in the commonest canary state, while the reserve lasts.
  void repeat_short_cases() {
    const auto reserve = std::max<Nanoseconds>(reserve_, 1s);
    const auto begin = Time::now();
    for (int pass = plan_.passes; !stop_requested() && Time::now() - begin < reserve; ++pass) {
      const std::vector<std::size_t> lacking = launches_lacking(result_, plan_.passes);
      std::vector<std::size_t> order = pass_order(plan_, options_.seed, pass);
      std::erase_if(order, [&](std::size_t index) { return lacking[index] == 0; });
      if (order.empty()) return;
      // A case gets at most as many repeats as it has planned launches.
      if (pass >= 2 * plan_.passes) return;
      total_launches_ = done_launches_ + order.size();
      run_pass("repeats", pass, order);
    }
  }

  // Rule 34: adds launches for cases that want them, at fixed numbers and while the budget lasts. A look is measured
  // completely or not begun.
  void go_on() {
    const GoingOn going_on = going_on_by();
    if (!going_on.wants || plan_.looks.size() < 2) return;
    std::size_t look = 1;
    bool fits = true;
    for (; look < plan_.looks.size() && !stop_requested(); ++look) {
      const std::vector<std::size_t> cases = cases_wanting(going_on, look);
      if (cases.empty()) return;
      fits = fits_budget(cases, look);
      if (!fits) break;
      measure_up_to(look, cases);
    }
    if (stop_requested()) return;
    note_what_is_left(going_on, fits, plan_.looks[look - 1]);
  }

  GoingOn going_on_by() const {
    if (options_.going_on.wants || !plan_.precision) return options_.going_on;
    const double precision = *plan_.precision;
    return {.wants = [precision](const Result& result) { return wider_than(result, precision); },
            .what = fmt::format("wider than ±{:.3g} %", 100 * precision)};
  }

  // Returns the cases to continue with, including those for which an earlier part of the run began this look.
  std::vector<std::size_t> cases_wanting(const GoingOn& going_on, std::size_t look) {
    summarise(result_);
    const std::vector<bool> wants = going_on.wants(result_);
    const int seen = passes_seen(plan_.looks, look - 1);
    std::vector<std::size_t> cases;
    for (std::size_t index = 0; index < plan_.cases.size(); ++index) {
      const bool has_begun =
          std::ranges::any_of(result_.cases[index].launches, [&](const LaunchRecord& l) { return l.pass >= seen; });
      if (plan_.cases[index].block_ops > 0 && !gave_up(index) && (wants[index] || has_begun)) cases.push_back(index);
    }
    return cases;
  }

  bool fits_budget(const std::vector<std::size_t>& cases, std::size_t look) {
    if (plan_.budget.count() <= 0) return true;
    double ns = floors_ns(plan_);
    for (const std::size_t index : cases)
      ns += (plan_.looks[look] - plan_.looks[look - 1]) * costs_[index].launch.ns * slowness();
    return Nanoseconds(Time::now() - begin_) + whole_ns(ns) <= plan_.budget;
  }

  void measure_up_to(std::size_t look, const std::vector<std::size_t>& cases) {
    const std::string stage = fmt::format("going on, up to {} launches", plan_.looks[look]);
    observer_.note(fmt::format("{}: {} cases", stage, cases.size()));
    for (const std::size_t index : cases) {
      wanted_[index] = plan_.looks[look];
      total_launches_ += static_cast<std::size_t>(plan_.looks[look] - plan_.looks[look - 1]);
    }
    const int end = passes_seen(plan_.looks, look);
    for (int pass = passes_seen(plan_.looks, look - 1); pass < end && !stop_requested(); ++pass) {
      std::vector<std::size_t> order = pass_order(plan_, options_.seed, pass);
      std::erase_if(order, [&](std::size_t index) { return std::ranges::find(cases, index) == cases.end(); });
      run_pass(stage, pass, order);
    }
    sample_floors();
  }

  void note_what_is_left(const GoingOn& going_on, bool fits, int launches) {
    summarise(result_);
    const std::vector<bool> wants = going_on.wants(result_);
    const auto left = std::ranges::count(wants, true);
    if (left == 0) return;
    std::string note = fmt::format("{} cases are {} {}", left, going_on.what,
                                   fits ? fmt::format("after {} launches, the last look", launches)
                                        : fmt::format("when the budget of {} ends", format_duration(plan_.budget)));
    if (plan_.precision) note += ": " + wider_text(result_, *plan_.precision);
    result_.notes.push_back(note);
    observer_.note(note);
  }

  // Counts system calls at the end, since nothing of it is timed.
  void count_calls() {
    for (const std::size_t index : pass_order(plan_, options_.seed, -2)) {
      if (stop_requested()) return;
      const PlannedCase& planned = plan_.cases[index];
      CaseRecord& c = result_.cases[index];
      if (planned.block_ops == 0 || gave_up(index) || c.counted || planned.spec.scenario == Scenario::setup) continue;
      report("system calls", planned.spec.id());
      const LaunchRequest request = counting_request(request_for(planned, mixed_seed(options_.seed, index)), planned);
      LaunchOutcome outcome = launch(request, run_dir_);
      if (outcome.interrupted) return;
      journal_->append(outcome.record);
      c.counted = std::move(outcome.record);
    }
  }

  // Measures one channel for all round trips of a transport with the same options and message size.
  void measure_channels() {
    std::map<std::string, std::size_t> measured;
    for (std::size_t index = 0; index < plan_.cases.size(); ++index) {
      if (stop_requested()) return;
      const PlannedCase& planned = plan_.cases[index];
      CaseRecord& c = result_.cases[index];
      if (planned.block_ops == 0 || gave_up(index) || c.channel || !stands_for_channel(planned.spec)) continue;
      const auto [same, fresh] = measured.try_emplace(channel_of(planned.spec), index);
      if (fresh) {
        report("memory", planned.spec.id());
        ChannelOutcome outcome = measure_channel(request_for(planned, mixed_seed(options_.seed, index)), run_dir_);
        if (outcome.interrupted) return;
        c.channel = std::move(outcome.record);
        channel_measured(index);
      } else {
        c.channel = result_.cases[same->second].channel;
      }
      journal_->append(c.id, *c.channel);
    }
  }

  // Returns whether the case represents the channel: the round trip whose size is nearest to 64 bytes in this run.
  bool stands_for_channel(const CaseSpec& spec) const {
    if (spec.scenario != Scenario::ping_pong) return false;
    const auto distance = [](std::size_t size) { return size > 64 ? size - 64 : 64 - size; };
    return std::ranges::none_of(plan_.cases, [&](const PlannedCase& other) {
      return other.spec.scenario == Scenario::ping_pong && other.spec.transport == spec.transport &&
             other.block_ops != 0 && distance(other.spec.size) < distance(spec.size);
    });
  }

  Result finish() {
    if (stop_now()) return std::move(result_);  // the journal holds everything
    result_.complete = !stop_requested();
    look_for_other_runs();
    summarise(result_);
    host_.settle_floors();
    if (options_.writes_result) save_result(result_, options_.output);
    if (result_.complete && options_.writes_result) {
      journal_->remove();
    } else {
      journal_->append_header(result_);  // with the floors of all passes
    }
    return std::move(result_);
  }

  LaunchRequest request_for(const PlannedCase& planned, std::uint64_t seed) const {
    return {.spec = planned.spec,
            .cpus = planned.cpus,
            .payload = options_.payload,
            .seed = seed,
            .hybrid_spin = host_.hybrid_spin(planned.spec.placement),
            .clock = host_.clock()};
  }

  void store(std::size_t index, const LaunchRecord& record, int weight) {
    if (record.status != Status::ok) {
      failures_[index] += weight;
      observer_.note(fmt::format("{}: {}: {}", record.case_id, to_string(record.status), record.reason));
    }
    ++done_launches_;
    journal_->append(record);
    result_.cases[index].launches.push_back(record);
  }

  void report(std::string_view stage, const std::string& case_id = "") {
    stage_ = stage;
    observer_.progress(progress_of(case_id));
  }
  void launched(const LaunchRecord& record) { observer_.launched(record, progress_of(record.case_id)); }

  Progress progress_of(const std::string& case_id) const {
    const auto elapsed = Nanoseconds(Time::now() - begin_);
    return {.stage = stage_,
            .case_id = case_id,
            .done = done_launches_,
            .total = total_launches_,
            .elapsed = elapsed,
            .left = time_left()};
  }

  void channel_measured(std::size_t index) {
    const double ns = channel_ns(plan_.cases[index].spec, plan_.payload, plan_.speed);
    memory_left_ = std::max(memory_left_ - whole_ns(ns), Nanoseconds(0));
  }

  // Returns what remains to be done for a case, by the costs that the plan's time uses.
  Cost cost_left(std::size_t index) const {
    const PlannedCase& planned = plan_.cases[index];
    if (!planned.skip_reason.empty() || gave_up(index)) return {};
    const CaseRecord& c = result_.cases[index];
    const CaseCost& cost = costs_[index];
    const auto launched = static_cast<double>(c.launches.size());
    const double wanted = std::max(wanted_[index] - launched, 0.0);
    Cost left{.ns = wanted * cost.launch.ns * slowness(), .bytes = wanted * cost.launch.bytes};
    for (const auto& [is_due, part] :
         {std::pair(planned.block_ops == 0, &cost.pilot), std::pair(!c.counted, &cost.calls)}) {
      if (!is_due) continue;
      left.ns += part->ns;
      left.bytes += part->bytes;
    }
    return left;
  }

  // Returns the ratio of the launches' actual time to the expected one.
  double slowness() const { return expected_ns_ > 0 ? seen_ns_ / expected_ns_ : 1; }

  // Doesn't include the reserve: only the end shows whether repeats are needed.
  Nanoseconds time_left() const {
    double left = 0;
    for (std::size_t i = 0; i < result_.cases.size(); ++i) left += cost_left(i).ns;
    return whole_ns(left) + fixed_left_ + floors_left_ + memory_left_;
  }

  bool gave_up(std::size_t index) const {
    const auto failures = failures_.find(index);
    return failures != failures_.end() && failures->second >= kFailuresToGiveUp;
  }

  Plan plan_;
  const Topology& topology_;
  const RunOptions& options_;
  RunObserver& observer_;
  RunDir run_dir_;
  Result result_;
  RunHost host_{plan_, topology_, result_};
  std::optional<Journal> journal_;
  std::vector<CaseCost> costs_;  // of plan_.cases; by their pilots once these have ended
  Nanoseconds reserve_{};        // for repeats
  // Time still to come, besides the cases'.
  Nanoseconds fixed_left_{}, floors_left_{}, memory_left_{};
  Time::time_point begin_ = Time::now();
  std::vector<int> wanted_;  // launches wanted, by case
  std::size_t done_launches_ = 0;
  std::size_t total_launches_ = 0;
  double seen_ns_ = 0;      // time that launches took
  double expected_ns_ = 0;  // and should have taken: corrects the ETA
  std::map<std::size_t, int> failures_;
  std::set<std::pair<std::size_t, int>> kept_;  // case and pass of launches from an earlier part of the run
  OtherRuns other_runs_;
  std::optional<std::size_t> other_runs_check_;  // index of the check on other runs in the result
  std::string stage_;
  bool host_known_ = false;  // measured by an earlier part of the run
};

}  // namespace

Result run_plan(Plan plan, const Topology& topology, const RunOptions& options, RunObserver& observer) {
  return Run(std::move(plan), topology, options, observer).execute();
}

Result resume_run(StoredRun stored, const Topology& topology, RunObserver& observer) {
  const RunOptions options{
      .payload = stored.payload, .seed = stored.result.seed, .output = stored.output, .command = stored.result.command};
  return Run(std::move(stored.plan), topology, options, observer)
      .resume(std::move(stored.result), std::move(stored.journal));
}

int exit_code_of(const Result& result) {
  if (!result.complete) return 130;
  const auto all_are = [&](auto predicate) { return std::ranges::all_of(result.cases, predicate); };
  if (all_are([](const CaseRecord& c) { return c.status == Status::skipped; })) return 77;
  return all_are([](const CaseRecord& c) { return c.status == Status::ok || c.status == Status::skipped; }) ? 0 : 4;
}

}  // namespace ipcbench
