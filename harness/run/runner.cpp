#include "harness/run/runner.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/launch/channel_memory.h"
#include "harness/launch/launch.h"
#include "harness/measure/splitmix64.h"
#include "harness/plan/pass_order.h"
#include "harness/plan/plan_time.h"
#include "harness/process/stop_signals.h"
#include "harness/run/build_info.h"
#include "harness/run/host_records.h"
#include "harness/run/launch_requests.h"
#include "harness/run/loads.h"
#include "harness/run/other_runs.h"
#include "harness/run/run_host.h"
#include "harness/run/run_journal.h"
#include "harness/run/run_progress.h"
#include "harness/run/run_state.h"
#include "harness/suite/duration.h"
#include "results/compare/looks.h"
#include "results/figures/launches_lacking.h"
#include "results/figures/summary.h"
#include "results/files/journal.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using Time = std::chrono::steady_clock;
using Nanoseconds = std::chrono::nanoseconds;

// A search for rates waits for a canary state to come back until a case has had this many times its planned launches.
constexpr int kSearchPatience = 8;

// Adds what a resumed run finds wrong with its machine and its first part didn't.
void add_checks(MachineRecord& machine, const MachineRecord& now) {
  for (const HostCheck& check : now.checks) {
    const auto is_known = [&](const HostCheck& known) { return known.id == check.id; };
    if (std::ranges::none_of(machine.checks, is_known)) machine.checks.push_back(check);
  }
}

// An open loop's sender makes calls of its own, to wait for its schedule, and of casts those of pairs are known.
bool has_countable_calls(const RunCase& c) {
  const std::optional<Traffic> traffic = traffic_of(c.planned.spec.scenario);
  return traffic == Traffic::round_trips || traffic == Traffic::one_way;
}

bool has_launch_of(const RunCase& c, int pass) {
  return std::ranges::find(c.record.launches, pass, &LaunchRecord::pass) != c.record.launches.end();
}

void rename_host(MachineRecord& machine, const std::string& name) {
  for (auto& [key, value] : machine.details) {
    if (key == "hostname") value = name;
  }
}

class Run {
 public:
  Run(RunState& state, const Topology& topology, const RunOptions& options, RunObserver& observer)
      : state_(state),
        plan_(state.plan()),
        result_(state.result()),
        topology_(topology),
        options_(options),
        observer_(observer),
        run_dir_(RunDir::create()) {}

  Result execute() {
    if (options_.writes_result) check_place(options_.output);
    describe();
    journal_.emplace(new_journal(options_.output, result_));
    return measure();
  }

  Result resume(std::optional<Journal> journal) {
    result_.resumed.push_back(utc_now());
    add_checks(result_.machine, machine_record(topology_));
    journal_.emplace(journal_to_resume(options_.output, result_, std::move(journal)));
    return measure();
  }

 private:
  Result measure() {
    look_for_other_runs();
    measure_host();
    pilot_pass();
    fix_rates();
    for (int pass = 0; pass < plan_.passes && !stop_requested(); ++pass) {
      run_pass(fmt::format("pass {} of {}", pass + 1, plan_.passes), pass, pass_order(plan_, options_.seed, pass));
      sample_floors();
    }
    look_for_rates();
    repeat_short_cases();
    go_on();
    count_calls();
    measure_channels();
    return finish();
  }

  void sample_floors() {
    host_.sample_floors();
    progress_.floors_sampled();
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
    if (plan_.suite.most_load != 0) result_.most_load_percent = plan_.suite.most_load;
    result_.promise = options_.promise;
    result_.looks = plan_.looks;
    result_.precision = plan_.precision;
    if (plan_.budget.count() > 0) result_.budget_ns = static_cast<double>(plan_.budget.count());
    result_.hybrid_spins = options_.hybrid_spins;
    result_.notes = plan_.notes;
    result_.build = build_info();
    result_.machine = machine_record(topology_);
    if (!options_.host_name.empty()) rename_host(result_.machine, options_.host_name);
    result_.transports = transport_records();
    if (options_.add_facts) options_.add_facts(run_dir_, result_.transports);
  }

  void look_for_other_runs() { keep_other_runs(other_runs_.look(run_dir_)); }
  // Another run that came and went within a pass has still disturbed this launch.
  void look_for_other_runs(LaunchRecord& launch, int pass) {
    keep_other_runs(other_runs_.look_after(launch, pass, run_dir_));
  }

  void keep_other_runs(const std::string& warning) {
    other_runs_.keep_finding(result_.machine.checks);
    if (warning.empty()) return;
    observer_.note(warning);
    journal_->append_header(result_);
  }

  void measure_host() {
    host_.measure(options_.payload, state_.is_host_known(),
                  [this](std::string_view stage) { progress_.report(stage); });
    progress_.host_measured();
  }

  // Runs a discarded launch of every case, which sets its lengths. A case that fails here is not measured; its pilot is
  // kept as the reason.
  void pilot_pass() {
    const bool any_fresh = pilot_cases();
    journal_->append_header(result_);
    if (!any_fresh || stop_requested()) return;
    observer_.note(fmt::format("after the pilot launches: about {} left, {} of messages to send",
                               format_duration(progress_.time_left()), format_volume(progress_.bytes_left())));
  }

  // Runs the missing pilots; returns whether there were any.
  bool pilot_cases() {
    bool any_fresh = false;
    for (const std::size_t index : pass_order(plan_, options_.seed, -1)) {
      if (stop_requested()) return any_fresh;
      const RunCase& c = state_.cases()[index];
      if (c.planned.block_ops > 0 || c.failures > 0) {
        state_.keep_lengths(index);
        continue;
      }
      progress_.report("pilot", c.record.id);
      const LaunchRequest request = pilot_request(request_for(c.planned, mixed_seed(options_.seed, ~index)));
      any_fresh = true;
      const LaunchOutcome outcome = launch(request, run_dir_);
      if (outcome.interrupted) return any_fresh;
      look_for_other_runs();
      if (outcome.record.status == Status::ok) {
        state_.set_pilot(index, outcome.pilot_op_ns);
      } else {
        store(index, outcome.record, kFailuresToGiveUp);
      }
      progress_.launched(outcome.record);
    }
    return any_fresh;
  }

  void run_pass(const std::string& stage, int pass, const std::vector<std::size_t>& order) {
    look_for_other_runs();
    int position = 0;
    for (const std::size_t index : order) {
      if (stop_requested()) return;
      const RunCase& c = state_.cases()[index];
      if (c.kept.contains(pass)) {
        ++position;
        continue;
      }
      if (!c.is_measurable()) continue;
      progress_.report(stage, c.record.id);
      const std::uint64_t seed = mixed_seed(mixed_seed(options_.seed, index), static_cast<std::uint64_t>(pass));
      const LaunchRequest request = block_request(request_for(c.planned, seed), c.planned);
      const auto begin = Time::now();
      LaunchOutcome outcome = launch(request, run_dir_);
      if (outcome.interrupted) return;
      progress_.add_time(Time::now() - begin, c.cost.launch.ns);
      outcome.record.pass = pass;
      outcome.record.order = position++;
      look_for_other_runs(outcome.record, pass);
      store(index, outcome.record, 1);
      progress_.launched(outcome.record);
    }
  }

  // Rule 26: measures the saturations that loads are shares of, before any other launch, and fixes their rates.
  void fix_rates() {
    const auto of_case = [this](std::size_t index) { return *saturation_index(state_, index); };
    std::set<std::size_t> saturations;
    for (const std::size_t index : cases_without_rate(state_)) saturations.insert(of_case(index));
    for (int pass = 0; pass < plan_.passes && !saturations.empty() && !stop_requested(); ++pass) {
      std::vector<std::size_t> order = pass_order(plan_, options_.seed, pass);
      std::erase_if(order, [&](std::size_t index) { return !saturations.contains(index); });
      run_pass(fmt::format("saturation, {} of {}", pass + 1, plan_.passes), pass, order);
      for (const std::size_t index : order) state_.cases()[index].kept.insert(pass);
    }
    if (saturations.empty() || stop_requested()) return;
    for (const std::size_t index : cases_without_rate(state_)) {
      if (const std::string why = fix_rate(state_, index, of_case(index)); !why.empty()) leave_out(index, why);
    }
    journal_->append_header(result_);
  }

  void leave_out(std::size_t index, const std::string& why) {
    const RunCase& c = state_.cases()[index];
    const LaunchRecord record{
        .case_id = c.record.id, .status = Status::skipped, .reason = why, .started = utc_now(), .cpus = c.record.cpus};
    store(index, record, kFailuresToGiveUp);
  }

  // Measures one rate of each channel after the other, until it is known which is the highest that keeps the promise.
  void look_for_rates() {
    for (int step = 1; result_.promise && !stop_requested(); ++step) {
      // The next rate depends on what those before have shown, so it waits for the canary state to come back.
      const int end = kSearchPatience * plan_.passes;
      for (int pass = plan_.passes; pass < end && !stop_requested() && repeat(pass); ++pass) continue;
      summarise(result_);
      std::set<std::size_t> added;
      for (const RateCase& next : rates_to_measure(state_)) {
        if (const auto index = state_.add(next.planned, next.op_ns)) added.insert(*index);
      }
      if (added.empty()) return;
      journal_->append_header(result_);
      progress_.expect_more(added.size() * static_cast<std::size_t>(plan_.passes));
      for (int pass = 0; pass < plan_.passes && !stop_requested(); ++pass) {
        std::vector<std::size_t> order = pass_order(plan_, options_.seed, pass);
        std::erase_if(order, [&](std::size_t index) { return !added.contains(index); });
        run_pass(fmt::format("rate {}, {} of {}", step, pass + 1, plan_.passes), pass, order);
      }
    }
  }

  // Rule 18: repeats launches of cases with too few in the commonest canary state, while the reserve lasts. A case gets
  // at most as many repeats as it has planned launches.
  void repeat_short_cases() {
    const auto reserve = std::max<Nanoseconds>(progress_.reserve(), 1s);
    const auto begin = Time::now();
    const int end = 2 * plan_.passes;
    for (int pass = plan_.passes; pass < end && !stop_requested() && Time::now() - begin < reserve && repeat(pass);
         ++pass)
      continue;
  }

  // Repeats a launch of each case that lacks any; returns whether there were such cases.
  bool repeat(int pass) {
    const std::vector<std::size_t> lacking = launches_lacking(result_, plan_.passes);
    std::vector<std::size_t> order = pass_order(plan_, options_.seed, pass);
    std::erase_if(order, [&](std::size_t index) { return lacking[index] == 0; });
    if (order.empty()) return false;
    std::erase_if(order, [&](std::size_t index) { return has_launch_of(state_.cases()[index], pass); });
    progress_.expect(order.size());
    run_pass("repeats", pass, order);
    return true;
  }

  // Rule 34: adds launches for cases that want them, at fixed numbers and while the budget lasts. A look is measured
  // completely or not begun.
  void go_on() {
    const bool by_precision = !options_.going_on.wants && plan_.precision;
    const GoingOn going_on = by_precision ? wider_cases(*plan_.precision) : options_.going_on;
    if (!going_on.wants || plan_.looks.size() < 2) return;
    std::size_t look = 1;
    bool fits = true;
    for (; look < plan_.looks.size() && !stop_requested(); ++look) {
      const std::vector<std::size_t> cases = cases_wanting(state_, going_on, look);
      if (cases.empty()) return;
      fits = fits_budget(cases, look);
      if (!fits) break;
      measure_up_to(look, cases);
    }
    if (stop_requested()) return;
    const std::string note = what_is_left(state_, going_on, fits, plan_.looks[look - 1]);
    if (note.empty()) return;
    result_.notes.push_back(note);
    observer_.note(note);
  }

  bool fits_budget(const std::vector<std::size_t>& cases, std::size_t look) const {
    if (plan_.budget.count() <= 0) return true;
    return progress_.elapsed() + whole_ns(ns_up_to(state_, cases, look, progress_.slowness())) <= plan_.budget;
  }

  void measure_up_to(std::size_t look, const std::vector<std::size_t>& cases) {
    const std::string stage = fmt::format("going on, up to {} launches", plan_.looks[look]);
    observer_.note(fmt::format("{}: {} cases", stage, cases.size()));
    for (const std::size_t index : cases) {
      state_.cases()[index].wanted = plan_.looks[look];
      progress_.expect_more(static_cast<std::size_t>(plan_.looks[look] - plan_.looks[look - 1]));
    }
    const int end = passes_seen(plan_.looks, look);
    for (int pass = passes_seen(plan_.looks, look - 1); pass < end && !stop_requested(); ++pass) {
      std::vector<std::size_t> order = pass_order(plan_, options_.seed, pass);
      std::erase_if(order, [&](std::size_t index) { return std::ranges::find(cases, index) == cases.end(); });
      run_pass(stage, pass, order);
    }
    sample_floors();
  }

  // Counts system calls at the end, since nothing of it is timed.
  void count_calls() {
    for (const std::size_t index : pass_order(plan_, options_.seed, -2)) {
      if (stop_requested()) return;
      const RunCase& c = state_.cases()[index];
      if (!c.is_measurable() || c.record.counted || !has_countable_calls(c)) continue;
      progress_.report("system calls", c.record.id);
      const LaunchRequest request =
          counting_request(request_for(c.planned, mixed_seed(options_.seed, index)), c.planned);
      LaunchOutcome outcome = launch(request, run_dir_);
      if (outcome.interrupted) return;
      journal_->append(outcome.record);
      c.record.counted = std::move(outcome.record);
    }
  }

  // Measures one channel for all round trips of a transport with the same options and message size.
  void measure_channels() {
    std::map<std::string, std::size_t> measured;
    for (std::size_t index = 0; index < plan_.cases.size(); ++index) {
      if (stop_requested()) return;
      const RunCase& c = state_.cases()[index];
      if (!c.is_measurable() || c.record.channel || !state_.stands_for_channel(index)) continue;
      const auto [same, fresh] = measured.try_emplace(channel_of(c.planned.spec), index);
      if (fresh) {
        progress_.report("memory", c.record.id);
        ChannelOutcome outcome = measure_channel(request_for(c.planned, mixed_seed(options_.seed, index)), run_dir_);
        if (outcome.interrupted) return;
        c.record.channel = std::move(outcome.record);
        progress_.channel_measured(index);
      } else {
        c.record.channel = state_.cases()[same->second].record.channel;
      }
      journal_->append(c.record.id, *c.record.channel);
    }
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
            .seat_cpus = planned.seat_cpus,
            .payload = options_.payload,
            .seed = seed,
            .hybrid_spin = host_.hybrid_spin(planned.spec.placement),
            .clock = host_.clock(),
            .workers = planned.workers};
  }

  void store(std::size_t index, const LaunchRecord& launch, int weight) {
    RunCase& c = state_.cases()[index];
    if (launch.status != Status::ok) {
      c.failures += weight;
      observer_.note(fmt::format("{}: {}: {}", launch.case_id, to_string(launch.status), launch.reason));
    }
    progress_.count_launch();
    journal_->append(launch);
    c.record.launches.push_back(launch);
  }

  RunState& state_;
  const Plan& plan_;  // of the state, as is the result
  Result& result_;
  const Topology& topology_;
  const RunOptions& options_;
  RunObserver& observer_;
  RunDir run_dir_;
  RunHost host_{plan_, topology_, result_};
  RunProgress progress_{state_, observer_};
  OtherRuns other_runs_;
  std::optional<Journal> journal_;
};

}  // namespace

Result run_plan(Plan plan, const Topology& topology, const RunOptions& options, RunObserver& observer) {
  RunState state(std::move(plan), options.payload);
  return Run(state, topology, options, observer).execute();
}

Result resume_run(StoredRun stored, const Topology& topology, RunObserver& observer) {
  const RunOptions options{
      .payload = stored.payload, .seed = stored.result.seed, .output = stored.output, .command = stored.result.command};
  RunState state(std::move(stored.plan), std::move(stored.result));
  return Run(state, topology, options, observer).resume(std::move(stored.journal));
}

int exit_code_of(const Result& result) {
  if (!result.complete) return 130;
  const auto all_are = [&](auto predicate) { return std::ranges::all_of(result.cases, predicate); };
  if (all_are([](const CaseRecord& c) { return c.status == Status::skipped; })) return 77;
  return all_are([](const CaseRecord& c) { return c.status == Status::ok || c.status == Status::skipped; }) ? 0 : 4;
}

}  // namespace ipcbench
