#include "harness/run/loads.h"

#include <algorithm>

#include <fmt/core.h>

#include "harness/plan/open_loop_lengths.h"
#include "harness/sdk/registry.h"
#include "results/figures/statistics.h"
#include "results/rows/rate_promise.h"

namespace ipcbench {

std::vector<std::size_t> cases_without_rate(const RunState& state) {
  std::vector<std::size_t> found;
  for (std::size_t index = 0; index < state.cases().size(); ++index) {
    const RunCase& c = state.cases()[index];
    if (!c.is_measurable() || c.planned.rate_per_s != 0) continue;
    const OpenLoop loop = open_loop_of(c.planned.spec);
    const bool is_unchecked = loop.rate_per_s != 0 && c.record.launches.empty();
    if ((loop.load_percent != 0 || is_unchecked) && saturation_index(state, index)) found.push_back(index);
  }
  return found;
}

std::optional<std::size_t> saturation_index(const RunState& state, std::size_t index) {
  const CaseSpec saturation = saturation_of(state.cases()[index].planned.spec);
  const auto is_it = [&](const RunCase& c) { return c.planned.spec == saturation; };
  const auto found = std::ranges::find_if(state.cases(), is_it);
  if (found == state.cases().end()) return std::nullopt;
  return static_cast<std::size_t>(found - state.cases().begin());
}

std::vector<RateCase> rates_to_measure(const RunState& state) {
  const PromiseRecord& promise = *state.result().promise;
  std::vector<RateCase> wanted;
  for (const LoadCurve& curve : searched_curves(state.result())) {
    const auto is_saturation = [&](const RunCase& c) { return &c.record == curve.saturation; };
    const auto saturation = std::ranges::find_if(state.cases(), is_saturation);
    const double rate = next_rate(curve, promise);
    if (saturation == state.cases().end() || !saturation->is_measurable() || !(rate > 0)) continue;
    RateCase next{.planned = saturation->planned, .op_ns = saturation->planned.op_ns};
    next.planned.block_ops = 0;
    next.planned.least_ops = static_cast<std::uint64_t>(messages_for(promise));
    CaseSpec& spec = next.planned.spec;
    const TransportInfo& info = find_transport(spec.transport)->info();
    for (const auto& [name, value] : promise.options) set_option(spec, info, name, value);
    set_option(spec, info, kRateOption, fmt::format("{:.0f}", rate));
    wanted.push_back(std::move(next));
  }
  return wanted;
}

std::string fix_rate(RunState& state, std::size_t index, std::size_t saturation) {
  std::vector<double> rates;
  for (const LaunchRecord& launch : state.cases()[saturation].record.launches) {
    if (launch.status == Status::ok && launch.load) rates.push_back(launch.load->achieved_per_s);
  }
  const RunCase& c = state.cases()[index];
  const Figure figure = rates.empty() ? Figure{} : figure_of(rates);
  const double lowest = rates.empty() ? 1e9 / c.planned.op_ns : *std::ranges::min_element(rates);
  const OpenLoop loop = open_loop_of(c.planned.spec);
  if (loop.load_percent == 0) {
    const double given = static_cast<double>(loop.rate_per_s);
    const std::uint64_t most = state.plan().suite.most_load;
    const std::string why = most == 0 ? "" : most_load_refusal(figure, lowest, given, most);
    return why.empty() ? load_refusal(figure, lowest, given) : why;
  }
  const std::uint64_t rate = share_of(figure, lowest, loop.load_percent);
  state.set_rate(index, rate);
  return load_refusal(figure, lowest, static_cast<double>(rate));
}

}  // namespace ipcbench
