#include "harness/run/run_host.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "harness/floors/floors.h"
#include "harness/floors/noise.h"
#include "harness/floors/payload_cost.h"
#include "harness/floors/run_pair.h"
#include "harness/measure/clock_choice.h"
#include "harness/process/affinity.h"
#include "harness/process/stop_signals.h"
#include "harness/run/host_records.h"
#include "harness/run/launch_requests.h"
#include "results/figures/states.h"
#include "results/model/utf8.h"
#include "results/rows/floors.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

constexpr auto kNoisePerCpu = 100ms;  // at most
constexpr auto kNoiseInAll = 800ms;   // shared by all CPUs, so that many get less each

}  // namespace

void RunHost::measure(PayloadMode payload, bool known, const std::function<void(std::string_view)>& report) {
  const std::vector<int> cpus = cpus_used(plan_, topology_);
  report("clock");
  const ClockChoice choice = choose_clock(cpus);
  clock_ = choice.clock;
  ClockRecord clock = clock_record(choice);
  for (const ClockPair& pair : untested_pairs(clock)) clock.pairs.push_back(pair_record(pair, clock_));
  set_clock(clock, known);
  report("noise");
  measure_noise_of(cpus);
  report("floors");
  if (known) floor_samples_ = result_.floors;
  sample_floors();
  if (!known) {
    result_.instrument = measure_payload_cost(clock_, payload);
  }
  choose_hybrid_spins(known);
}

// Tests the pairs of CPUs between which one-way times are measured and which the choice of the clock left out.
std::vector<ClockPair> RunHost::untested_pairs(const ClockRecord& clock) const {
  std::vector<ClockPair> found;
  std::set<std::array<int, 2>> known;
  for (const ClockPairRecord& pair : clock.pairs) known.insert({pair.cpus, {pair.cpus[1], pair.cpus[0]}});
  for (const PlannedCase& planned : plan_.cases) {
    const std::array<int, 2> cpus{planned.cpus.producer, planned.cpus.consumer};
    const bool needs_it = planned.skip_reason.empty() && is_scheduled(planned.spec) && !has_answers(planned.spec) &&
                          cpus[0] >= 0 && cpus[0] != cpus[1] && clock.cross_cpu_ok;
    if (!needs_it || !known.insert(cpus).second) continue;
    const ClockOrder order = test_clock_order(clock_, cpus);
    found.insert(found.end(), order.pairs.begin(), order.pairs.end());
  }
  return found;
}

void RunHost::choose_hybrid_spins(bool known) {
  if (result_.hybrid_spins.empty())
    result_.hybrid_spins = known ? stored_hybrid_spins(result_, plan_) : measure_hybrid_spins(plan_, clock_);
  if (!result_.hybrid_spins.empty()) result_.hybrid_spin_ns = result_.hybrid_spins.front().spin_ns;
}

std::chrono::nanoseconds RunHost::hybrid_spin(Placement placement) const noexcept {
  return hybrid_spin_at(result_.hybrid_spins, placement);
}

void RunHost::set_clock(const ClockRecord& clock, bool known) {
  if (known && clock.kind != result_.clock.kind) {
    result_.notes.push_back(
        fmt::format("resumed with the clock {} in place of {}", clock.kind, printable(result_.clock.kind)));
  }
  result_.clock = clock;
}

void RunHost::measure_noise_of(const std::vector<int>& cpus) {
  if (cpus.empty()) return;
  if (const std::string refused = pinning_refusal(); !refused.empty()) {
    result_.notes.push_back(fmt::format("the noise of the CPUs was not measured: {}", refused));
    return;
  }
  const std::chrono::nanoseconds per_cpu =
      std::min<std::chrono::nanoseconds>(kNoisePerCpu, std::chrono::nanoseconds(kNoiseInAll) / cpus.size());
  for (const NoiseRecord& noise : measure_noise(clock_, cpus, static_cast<std::uint64_t>(per_cpu.count()))) {
    add_noise(noise);
  }
}

// Adds a CPU's noise; of a run in several parts the noisier one counts.
void RunHost::add_noise(const NoiseRecord& noise) {
  const auto known = std::ranges::find(result_.noise, noise.cpu, &NoiseRecord::cpu);
  if (known == result_.noise.end()) {
    result_.noise.push_back(noise);
  } else if (noise.spin_gap_max_ns > known->spin_gap_max_ns) {
    *known = noise;
  }
}

void RunHost::sample_floors() {
  std::map<Placement, CpuPair> pairs;
  std::set<std::size_t> sizes;
  for (const PlannedCase& planned : plan_.cases) {
    if (!planned.skip_reason.empty()) continue;
    if (planned.cpus.producer >= 0) pairs.emplace(planned.spec.placement, planned.cpus);
    if (planned.spec.size >= kCacheLine) sizes.insert(planned.spec.size);
  }
  const std::vector<std::size_t> list(sizes.begin(), sizes.end());
  for (const auto& [placement, pair] : pairs) {
    if (stop_requested()) return;
    try {
      FloorRecord floors = measure_floors(clock_, pair.producer, pair.consumer, list);
      floors.placement = placement;
      floor_samples_.push_back(std::move(floors));
    } catch (const PairFailed& error) {
      const std::string note = fmt::format("{}: floors were left out once: {}", to_string(placement), error.what());
      if (std::ranges::find(result_.notes, note) == result_.notes.end()) result_.notes.push_back(note);
    }
  }
  result_.floors = merge_floors(floor_samples_, find_states(result_));
}

void RunHost::settle_floors() {
  result_.floors = merge_floors(floor_samples_, result_.states);
  for (HybridSpinRecord& spin : result_.hybrid_spins) {
    const StateRecord* states = states_at(result_.states, spin.placement);
    if (states == nullptr || !spin.cache_line_rtt_ns) continue;
    spin.state = state_of(*states, {*spin.cache_line_rtt_ns, *spin.cache_line_rtt_ns});
    if (spin.state == states->used || !result_.complete) continue;
    result_.notes.push_back(fmt::format(
        "{}: hybrid spins for {:.1f} us, twice the futex round trip in canary state {}; the tables use state {}",
        to_string(spin.placement), spin.spin_ns / 1e3, spin.state, states->used));
  }
}

}  // namespace ipcbench
