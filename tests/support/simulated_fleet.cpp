#include "tests/support/simulated_fleet.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "results/figures/statistics.h"
#include "results/fleet/fleet_host.h"

namespace ipcbench {
namespace {

constexpr double kEffect = 0.02, kSlowdown = 1.1, kFreedom = 3;
constexpr std::size_t kSlowPart = 3;  // one case in so many
constexpr std::size_t kLeastLaunches = 6;

// Draws the effect of a host, or of a host in a case, on the logarithm of a time.
class EffectSource {
 public:
  explicit EffectSource(HostEffect effect)
      : is_heavy_(effect == HostEffect::heavy || effect == HostEffect::heavy_by_case),
        is_by_case_(effect == HostEffect::normal_by_case || effect == HostEffect::heavy_by_case) {}

  double of_host(std::mt19937_64& random) { return is_by_case_ ? 0 : draw(random); }
  double of_case(std::mt19937_64& random) { return is_by_case_ ? draw(random) : 0; }

 private:
  double draw(std::mt19937_64& random) { return kEffect * (is_heavy_ ? heavy_(random) : normal_(random)); }

  bool is_heavy_, is_by_case_;
  std::normal_distribution<double> normal_;
  std::student_t_distribution<double> heavy_{kFreedom};
};

double resampled(const std::vector<double>& launches, std::mt19937_64& random) {
  std::uniform_int_distribution<std::size_t> any(0, launches.size() - 1);
  std::vector<double> drawn(launches.size());
  for (double& value : drawn) value = launches[any(random)];
  return median(drawn);
}

void slow_down(CaseValues& host, std::mt19937_64& random) {
  std::vector<std::size_t> cases(host.size());
  std::iota(cases.begin(), cases.end(), std::size_t{0});
  std::ranges::shuffle(cases, random);
  for (std::size_t n = 0; n < host.size() / kSlowPart; ++n) host[cases[n]] += std::log(kSlowdown);
}

}  // namespace

FleetSimulator::FleetSimulator(const Result& result) {
  for (const CaseRecord& c : result.cases) {
    std::vector<double> launches = op_times(c);
    for (double& ns : launches) ns = std::log(ns);
    if (c.status == Status::ok && launches.size() >= kLeastLaunches) ln_launches_.push_back(std::move(launches));
  }
}

std::vector<CaseValues> FleetSimulator::fleet(const FleetSettings& settings, std::mt19937_64& random) const {
  std::vector<CaseValues> hosts;
  EffectSource effect(settings.effect);
  for (std::size_t n = 0; n < settings.hosts; ++n) {
    CaseValues& host = hosts.emplace_back();
    const double of_host = effect.of_host(random);
    for (const std::vector<double>& launches : ln_launches_)
      host.push_back(resampled(launches, random) + of_host + effect.of_case(random));
    if (n < settings.slow) slow_down(host, random);
  }
  return hosts;
}

FleetOutcome judge_fleet(const std::vector<CaseValues>& fleet, std::size_t slow) {
  FleetOutcome outcome;
  const std::vector<std::optional<HostStanding>> standings = judge_hosts(deviations_of(fleet), fleet.front().size());
  for (std::size_t n = 0; n < standings.size(); ++n) {
    if (!standings[n] || !standings[n]->stands_out) continue;
    ++(n < slow ? outcome.found : outcome.falsely);
  }
  return outcome;
}

}  // namespace ipcbench
