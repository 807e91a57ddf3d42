#include "harness/run/run_state.h"

#include <algorithm>
#include <utility>

#include "harness/run/case_records.h"

namespace ipcbench {

RunState::RunState(Plan plan, PayloadMode payload) : plan_(std::move(plan)) {
  for (const PlannedCase& planned : plan_.cases) result_.cases.push_back(case_record(planned, payload));
  make_cases();
}

RunState::RunState(Plan plan, Result stored) : plan_(std::move(plan)), result_(std::move(stored)) {
  make_cases();
  for (RunCase& c : cases_) {
    const bool had_pilot = c.record.pilot_op_ns.has_value();
    host_known_ = host_known_ || had_pilot;
    for (const LaunchRecord& launch : c.record.launches) {
      // A case without a pilot time failed in its pilot; one with a skipped launch was left out.
      const bool is_out = !had_pilot || launch.status == Status::skipped;
      if (launch.status != Status::ok) c.failures += is_out ? kFailuresToGiveUp : 1;
      c.kept.insert(launch.pass);
    }
  }
}

void RunState::make_cases() {
  cases_.reserve(plan_.cases.size());
  for (std::size_t i = 0; i < plan_.cases.size(); ++i) cases_.push_back(new_case(i));
}

RunCase RunState::new_case(std::size_t index) {
  PlannedCase& planned = plan_.cases[index];
  return {.planned = planned,
          .record = result_.cases[index],
          .cost = cost_of(planned, plan_),
          .wanted = plan_.passes,
          .kept = {}};
}

std::optional<std::size_t> RunState::add(PlannedCase planned, double op_ns) {
  if (std::ranges::any_of(plan_.cases, [&](const PlannedCase& known) { return known.spec == planned.spec; }))
    return std::nullopt;
  const std::size_t index = plan_.cases.size();
  result_.cases.push_back(case_record(planned, *result_.payload.value()));
  plan_.cases.push_back(std::move(planned));
  std::vector<RunCase> cases;  // what they refer to has moved
  for (std::size_t i = 0; i < index; ++i) {
    RunCase& old = cases_[i];
    RunCase moved = new_case(i);
    moved.wanted = old.wanted;
    moved.failures = old.failures;
    moved.kept = std::move(old.kept);
    cases.push_back(std::move(moved));
  }
  cases.push_back(new_case(index));
  cases_ = std::move(cases);
  set_pilot(index, op_ns);
  return index;
}

void RunState::set_pilot(std::size_t index, double op_ns) {
  RunCase& c = cases_[index];
  set_lengths(c.planned, op_ns, plan_.block);
  c.cost = cost_of(c.planned, plan_);
  c.record.pilot_op_ns = op_ns;
  c.record.ops = c.planned.block_ops;
}

void RunState::set_rate(std::size_t index, std::uint64_t rate_per_s) {
  RunCase& c = cases_[index];
  c.planned.rate_per_s = rate_per_s;
  c.record.rate_per_s = rate_per_s;
  set_pilot(index, c.planned.op_ns);
}

void RunState::keep_lengths(std::size_t index) {
  const RunCase& c = cases_[index];
  if (c.planned.block_ops == 0 || c.record.pilot_op_ns) return;
  c.record.pilot_op_ns = c.planned.op_ns;
  c.record.ops = c.planned.block_ops;
  if (c.planned.rate_per_s != 0) c.record.rate_per_s = c.planned.rate_per_s;
}

bool RunState::stands_for_channel(std::size_t index) const {
  const CaseSpec& spec = plan_.cases[index].spec;
  if (traffic_of(spec.scenario) != Traffic::round_trips) return false;
  const auto distance = [](std::size_t size) { return size > 64 ? size - 64 : 64 - size; };
  return std::ranges::none_of(plan_.cases, [&](const PlannedCase& other) {
    return other.spec.scenario == spec.scenario && other.spec.transport == spec.transport && other.block_ops != 0 &&
           distance(other.spec.size) < distance(spec.size);
  });
}

}  // namespace ipcbench
