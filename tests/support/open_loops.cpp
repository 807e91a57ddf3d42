#include "tests/support/open_loops.h"

#include <memory>

#include "harness/measure/histogram.h"
#include "results/figures/statistics.h"
#include "tests/support/sample_result.h"

namespace ipcbench {

SparseHistogram many(std::uint64_t ns, std::uint64_t count) {
  const auto histogram = std::make_unique<Histogram>();
  histogram->counts[Histogram::index_of(ns)] = count;
  return sparse(*histogram);
}

LoadRecord steady_load(std::uint64_t response_ns) {
  return {.offered_per_s = 20'000,
          .achieved_per_s = 19'990,
          .backlog = std::vector<std::uint64_t>(20, 1),
          .response = many(response_ns),
          .service = many(response_ns - 100),
          .lateness = many(20),
          .response_max_ns = 90'000.0,
          .response_max_at_ns = 5e6,
          .service_max_ns = 80'000.0,
          .lateness_max_ns = 10'000.0,
          .late_ratio = 0.001};
}

CaseRecord open_loop_case(const OptionList& options, const LoadRecord& load) {
  CaseRecord c = sample_case(Scenario::rate, "pipe", WaitStrategy::block, 64, Placement::same_l3);
  for (const auto& [name, value] : options) c.id += "/" + name + "=" + value;
  c.options = options;
  for (int pass = 0; pass < 9; ++pass) {
    LaunchRecord launch = sample_launch(c, pass, 1000);
    launch.verified = 1000;
    launch.load = load;
    c.launches.push_back(std::move(launch));
  }
  return c;
}

Result open_loop_result(const OptionList& options, const LoadRecord& load) {
  Result result = sample_result();
  result.cases = {open_loop_case(options, load)};
  result.clock.overhead_ns = 20;
  result.clock.pairs = {{.cpus = {1, 0}, .offset_ns = 5, .error_ns = 100}};
  result.noise = {{.cpu = 0, .stolen_ratio = 0.001}, {.cpu = 1, .stolen_ratio = 0.0005}};
  return result;
}

}  // namespace ipcbench
