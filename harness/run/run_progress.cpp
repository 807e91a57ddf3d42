#include "harness/run/run_progress.h"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/suite/duration.h"

namespace ipcbench {
namespace {

using Nanoseconds = std::chrono::nanoseconds;

void take_off(Nanoseconds& left, double ns) noexcept { left = std::max(left - whole_ns(ns), Nanoseconds(0)); }

}  // namespace

RunProgress::RunProgress(const RunState& state, RunObserver& observer) : state_(state), observer_(observer) {
  const PlanTime time = estimate(state.plan());
  reserve_ = time.reserve;
  fixed_left_ = time.fixed;
  floors_left_ = time.floors;
  memory_left_ = time.memory;
  std::set<std::string> channels;
  for (std::size_t i = 0; i < state.cases().size(); ++i) {
    const RunCase& c = state.cases()[i];
    if (c.planned.skip_reason.empty()) total_ += static_cast<std::size_t>(state.plan().passes);
    done_ += c.record.launches.size();
    if (c.record.channel && channels.insert(channel_of(c.planned.spec)).second) channel_measured(i);
  }
}

void RunProgress::report(std::string_view stage, const std::string& case_id) {
  stage_ = stage;
  observer_.progress(progress_of(case_id));
}

void RunProgress::launched(const LaunchRecord& launch) { observer_.launched(launch, progress_of(launch.case_id)); }

void RunProgress::add_time(Nanoseconds taken, double expected_ns) noexcept {
  taken_ns_ += ns_of(taken);
  expected_ns_ += expected_ns;
}

void RunProgress::host_measured() noexcept {
  fixed_left_ = Nanoseconds(0);
  floors_sampled();
}

void RunProgress::floors_sampled() noexcept { take_off(floors_left_, floors_ns(state_.plan())); }

void RunProgress::channel_measured(std::size_t index) noexcept {
  const Plan& plan = state_.plan();
  take_off(memory_left_, channel_ns(plan.cases[index].spec, plan.payload, plan.speed));
}

Progress RunProgress::progress_of(const std::string& case_id) const {
  return {
      .stage = stage_, .case_id = case_id, .done = done_, .total = total_, .elapsed = elapsed(), .left = time_left()};
}

Cost RunProgress::cost_left(const RunCase& c) const {
  if (!c.planned.skip_reason.empty() || c.gave_up()) return {};
  const double wanted = std::max(c.wanted - static_cast<double>(c.record.launches.size()), 0.0);
  Cost left{.ns = wanted * c.cost.launch.ns * slowness(), .bytes = wanted * c.cost.launch.bytes};
  for (const auto& [is_due, part] :
       {std::pair(c.planned.block_ops == 0, &c.cost.pilot), std::pair(!c.record.counted, &c.cost.calls)}) {
    if (!is_due) continue;
    left.ns += part->ns;
    left.bytes += part->bytes;
  }
  return left;
}

Nanoseconds RunProgress::time_left() const {
  double left = 0;
  for (const RunCase& c : state_.cases()) left += cost_left(c).ns;
  return whole_ns(left) + fixed_left_ + floors_left_ + memory_left_;
}

double RunProgress::bytes_left() const {
  double bytes = 0;
  for (const RunCase& c : state_.cases()) bytes += cost_left(c).bytes;
  return bytes;
}

}  // namespace ipcbench
