#include "tests/fidelity/fidelity_case.h"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <utility>

#include "harness/plan/place_cast.h"
#include "harness/plan/refusal.h"
#include "harness/sdk/registry.h"
#include "scenarios/list/cast.h"

namespace ipcbench::fidelity {
namespace {

constexpr std::size_t kFailuresToGiveUp = 3;
constexpr std::size_t kTriesPerPair = 3;  // most pairs taken for each one wanted, since some are dropped
constexpr std::size_t kMorePairs = 10;

// Cases that are judged against a bare program.
struct Judged {
  const char* transport;
  std::size_t size;  // 0: no payload
  const char* program;
  WaitStrategy wait = WaitStrategy::block;
};
constexpr std::array<Judged, 11> kJudged{{{"pipe", 64, "bare-pipe"},
                                          {"signal", 0, "bare-signal"},
                                          {"sysv-mq", 64, "bare-sysv-mq"},
                                          {"posix-mq", 64, "bare-posix-mq"},
                                          {"posix-sem", 0, "bare-posix-sem"},
                                          {"futex", 0, "bare-futex"},
                                          {"unix-stream", 64, "bare-unix-stream"},
                                          {"unix-dgram", 64, "bare-unix-dgram"},
                                          {"tcp", 64, "bare-tcp"},
                                          {"process-vm", 64, "bare-process-vm"},
                                          {"pipe", 64, "bare-io-uring", WaitStrategy::io_uring}}};

// Locks that one process takes with nobody else about, judged against bare-lock-`program`.
struct JudgedLock {
  const char* transport;
  const char* program;
  decltype(CaseSpec::options) options;
};
const std::vector<JudgedLock>& judged_locks() {
  static const std::vector<JudgedLock> locks = {{"mutex", "mutex", {}},
                                                {"mutex", "mutex-plain", {{"kind", "plain"}}},
                                                {"posix-sem", "posix-sem", {}},
                                                {"sysv-sem", "sysv-sem", {}},
                                                {"futex", "futex", {}},
                                                {"file-lock", "file-lock", {}},
                                                {"file-lock", "flock", {{"lock", "flock"}}}};
  return locks;
}

std::string reason_not_to_run(const CaseSpec& spec, const Topology& topology) {
  for (const RegisteredTransport& entry : registered_transports()) {
    if (entry.name != spec.transport) continue;
    if (entry.transport == nullptr) return std::string(entry.missing_reason);
    const Availability host = entry.transport->probe();
    if (const auto* missing = std::get_if<Unavailable>(&host)) return missing->reason;
    return refusal(spec, *entry.transport, host, topology, memory_limits());
  }
  return "this build has no transport " + spec.transport;
}

FidelityCase fidelity_case_of(FidelityCase fidelity_case, const Topology& topology,
                              std::optional<Placement> placement) {
  if (!placement) {
    fidelity_case.planned.skip_reason = "needs two CPUs";
    return fidelity_case;
  }
  fidelity_case.planned.spec.placement = *placement;
  fidelity_case.planned.cpus = topology.pair(*placement).value_or(CpuPair{});
  place_cast(fidelity_case.planned, topology, std::nullopt);
  fidelity_case.planned.skip_reason = reason_not_to_run(fidelity_case.planned.spec, topology);
  if (!fidelity_case.program.empty() && !is_built(fidelity_case.program))
    fidelity_case.planned.skip_reason = fidelity_case.program + " is not built";
  return fidelity_case;
}

LaunchTimes measure_reference(const FidelityCase& fidelity_case, const Orders& orders) {
  switch (fidelity_case.against) {
    case Against::bare_program:
      return run_bare(fidelity_case.program, orders);
    case Against::bare_ring:
      return run_bare_ring(fidelity_case.program, orders);
    case Against::line_touch:
      break;
  }
  return touch_lines(orders);
}

CaseSpec spec_of(Scenario scenario, std::string transport, WaitStrategy wait, std::size_t size) {
  return {.scenario = scenario, .transport = std::move(transport), .wait = wait, .size = size};
}

}  // namespace

Judgement FidelityCase::judgement() const {
  switch (target) {
    case Target::alike:
      return judge(ratio_of(used, Metric::p50), two_cpus());
    case Target::alike_mean:
      return judge(ratio_of(used, Metric::mean), two_cpus());
    case Target::no_slower:
      return judge_no_slower(ratio_of(used, Metric::mean));
    case Target::near_canary:
      return judge_at_most(ratio_to_canary(used), most_canaries);
    case Target::extra:
      return judge_extra(used, most_extra_ns);
    case Target::none:
      break;
  }
  return Judgement::not_judged;
}

std::vector<std::string> compared_transports() {
  std::vector<std::string> names;
  for (const Judged& judged : kJudged) {
    if (std::ranges::find(names, judged.transport) == names.end()) names.emplace_back(judged.transport);
  }
  names.insert(names.end(), {"mutex", "sysv-sem", "file-lock", "posix-shm", "posix-shm-loan"});
  return names;
}

std::vector<FidelityCase> all_fidelity_cases(const Topology& topology, const std::vector<std::string>& transports) {
  const std::optional<Placement> other = topology.nearest_other();
  std::vector<FidelityCase> all;
  const auto add = [&](FidelityCase fidelity_case, std::optional<Placement> placement) {
    const std::string& name = fidelity_case.planned.spec.transport;
    if (!transports.empty() && std::ranges::find(transports, name) == transports.end()) return;
    all.push_back(fidelity_case_of(std::move(fidelity_case), topology, placement));
  };
  for (const Judged& judged : kJudged) {
    const FidelityCase fidelity_case{
        .planned = {.spec = spec_of(Scenario::ping_pong, judged.transport, judged.wait, judged.size)},
        .program = judged.program,
        .target = Target::alike};
    add(fidelity_case, Placement::same_cpu);
    add(fidelity_case, other);
  }
  for (const JudgedLock& lock : judged_locks()) {
    CaseSpec spec = spec_of(Scenario::contended, lock.transport, WaitStrategy::block, 0);
    spec.options = lock.options;
    spec.options.emplace(kProducersOption, "1");
    add({.planned = {.spec = std::move(spec)},
         .program = std::string("bare-lock-") + lock.program,
         .target = Target::alike_mean},
        Placement::same_cpu);
  }
  // 64 bytes and a header take two lines.
  for (const auto& [size, most_canaries] : {std::pair(std::size_t{8}, 1.1), std::pair(std::size_t{64}, 1.5)}) {
    add({.planned = {.spec = spec_of(Scenario::ping_pong, "posix-shm", WaitStrategy::spin, size)},
         .program = "bare-mailbox",
         .target = Target::near_canary,
         .most_canaries = most_canaries},
        other);
  }
  add({.planned = {.spec = spec_of(Scenario::streaming, "posix-shm", WaitStrategy::spin, 64)},
       .against = Against::bare_ring,
       .program = "bare-spsc-ring",
       .target = Target::no_slower},
      other);
  for (const std::size_t size : {64u * 1024, 1024u * 1024}) {
    add({.planned = {.spec = spec_of(Scenario::streaming, "posix-shm-loan", WaitStrategy::spin, size)},
         .against = Against::line_touch},
        other);
  }
  return all;
}

std::vector<FidelityCase> extra_fidelity_cases(const Topology& topology, const std::vector<std::string>& transports,
                                               double most_extra_ns) {
  std::vector<FidelityCase> chosen = all_fidelity_cases(topology, transports);
  std::erase_if(chosen, [](const FidelityCase& c) { return c.target != Target::alike || c.two_cpus(); });
  for (FidelityCase& fidelity_case : chosen) {
    fidelity_case.target = Target::extra;
    fidelity_case.most_extra_ns = most_extra_ns;
  }
  return chosen;
}

bool enough(const FidelityCase& fidelity_case, const StoppingRule& rule) {
  if (!fidelity_case.planned.skip_reason.empty() || fidelity_case.failures.size() >= kFailuresToGiveUp) return true;
  const std::size_t used = fidelity_case.used.size();
  if (fidelity_case.target == Target::extra)
    return used >= kExtraLooks.back() || fidelity_case.judgement() != Judgement::undecided;
  const auto first = static_cast<std::size_t>(rule.pairs);
  const auto last = std::max(first, static_cast<std::size_t>(rule.extend ? rule.max_pairs : rule.pairs));
  if (used + fidelity_case.dropped.size() >= kTriesPerPair * last || used >= last) return true;
  if (used < first || (used - first) % kMorePairs != 0) return false;
  if (!rule.extend || fidelity_case.target != Target::alike || !fidelity_case.two_cpus()) return true;
  const Figure ratio = ratio_of(fidelity_case.used, Metric::p50);
  return ratio.ci95 && half_width(*ratio.ci95) <= kTwoCpusHalfWidth;
}

void give_up(FidelityCase& fidelity_case, const std::string& reason) {
  fidelity_case.failures.resize(kFailuresToGiveUp, reason);
}

void take_pair(FidelityCase& fidelity_case, const Clock& clock, std::uint64_t seed, RunDir& run_dir) {
  const Orders orders{.planned = fidelity_case.planned, .clock = clock, .seed = seed};
  FidelityPair pair;
  pair.harness_first = (fidelity_case.used.size() + fidelity_case.dropped.size()) % 2 == 0;
  const auto reference = [&] { pair.reference = measure_reference(fidelity_case, orders); };
  try {
    if (!pair.harness_first) reference();
    pair.harness = launch_harness(orders, run_dir);
    if (pair.harness_first) reference();
  } catch (const std::exception& error) {
    fidelity_case.failures.emplace_back(error.what());
    return;
  }
  (in_one_state(pair) ? fidelity_case.used : fidelity_case.dropped).push_back(pair);
}

}  // namespace ipcbench::fidelity
