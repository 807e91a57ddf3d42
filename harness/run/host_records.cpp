#include "harness/run/host_records.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>
#include <string>

#include <fmt/chrono.h>

#include "harness/floors/floors.h"
#include "harness/floors/run_pair.h"
#include "harness/host/host_id.h"
#include "harness/host/host_info.h"
#include "harness/host_checks/host_checks.h"
#include "harness/host_checks/idle_conditions.h"
#include "harness/host_checks/inherited_conditions.h"
#include "harness/process/stop_signals.h"
#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

constexpr double kDefaultSpinNs = 100'000;
constexpr double kMostSpinNs = 1e9;

// Returns the placements at which the plan has runnable cases with a hybrid wait.
std::map<Placement, CpuPair> hybrid_placements(const Plan& plan) {
  std::map<Placement, CpuPair> placements;
  for (const PlannedCase& planned : plan.cases) {
    if (planned.skip_reason.empty() && planned.spec.wait == WaitStrategy::hybrid)
      placements.emplace(planned.spec.placement, planned.cpus);
  }
  return placements;
}

Attributes attributes_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
  return {pairs.begin(), pairs.end()};
}

AttributeValue optional_text(const std::optional<std::string>& text) {
  if (!text) return std::monostate{};
  return *text;
}

AttributeValue bytes(std::size_t size) {
  if (size == kUnlimited) return std::string("unlimited");
  return static_cast<std::int64_t>(size);
}

Attributes attributes_of(const Capabilities& c) {
  const auto text = [](auto value) { return std::string(to_string(value)); };
  return {{"shape", text(c.shape)},
          {"direction", text(c.direction)},
          {"persistence", text(c.persistence)},
          {"rendezvous", text(c.rendezvous)},
          {"min_message", bytes(c.min_message)},
          {"max_message", bytes(c.max_message)},
          {"in_flight_bytes", c.in_flight_bytes == 0 ? AttributeValue{} : bytes(c.in_flight_bytes)},
          {"carries_payload", c.carries_payload},
          {"keeps_boundaries", c.keeps_boundaries},
          {"reliable", c.reliable},
          {"ordered", c.ordered},
          {"typed", c.typed},
          {"priorities", c.priorities},
          {"self_synchronising", c.self_synchronising},
          {"one_to_many", c.one_to_many},
          {"many_to_many", c.many_to_many},
          {"related_only", c.related_only},
          {"fork_only", c.fork_only},
          {"crosses_hosts", c.crosses_hosts},
          {"access_control", c.access_control},
          {"pollable", c.pollable},
          {"sees_peer_close", c.sees_peer_close},
          {"fast_path", c.fast_path},
          {"when_full", text(c.when_full)},
          {"needs_service", c.needs_service.empty() ? AttributeValue{} : std::string(c.needs_service)}};
}

TransportRecord transport_record(const Transport& transport) {
  const TransportInfo& info = transport.info();
  TransportRecord record{.name = std::string(info.name),
                         .family = std::string(info.family),
                         .row = std::string(info.row),
                         .summary = std::string(info.summary),
                         .capabilities = attributes_of(info.capabilities)};
  if (const Foreign& foreign = info.foreign; !foreign.subject.empty()) {
    record.summary += fmt::format(" ({} {}: {}, {})", foreign.command.empty() ? "plug-in" : "worker", foreign.version,
                                  foreign.subject, foreign.language);
    record.foreign = Attributes{{"subject", std::string(foreign.subject)},
                                {"language", std::string(foreign.language)},
                                {"version", std::string(foreign.version)},
                                {"sha256", std::string(foreign.sha256)}};
    if (!foreign.command.empty()) record.foreign->emplace_back("command", std::string(foreign.command));
  }
  const Availability here = transport.probe();
  if (const auto* unavailable = std::get_if<Unavailable>(&here)) {
    record.reason = std::string(to_string(unavailable->why)) + ": " + unavailable->reason;
  } else {
    record.available = true;
    record.reason = std::get<Available>(here).limit;
  }
  for (const WaitStrategy wait : info.waits) record.waits.emplace_back(wait);
  for (const OptionInfo& option : info.options) record.options.emplace_back(option.name, option.default_value);
  return record;
}

}  // namespace

MachineRecord machine_record(const Topology& topology) {
  const HostInfo host = read_host_info();
  const std::vector<HostCheck> all = examine_host(host, "");
  std::vector<HostCheck> checks = findings_of(all);
  MachineRecord record{.machine_class = machine_class(host, topology.describe()),
                       .cpu = host.cpu_model,
                       .kernel = host.kernel,
                       .virtualisation = host.virtualisation,
                       .topology = topology.describe(),
                       .inherited = inherited_conditions(checks),
                       .mitigations = attributes_of(host.mitigations),
                       .limits = attributes_of(host.limits),
                       .details = {{"hostname", host.hostname},
                                   {"host_id", optional_text(host_id())},
                                   {"cpus_online", std::int64_t{host.cpus_online}},
                                   {"kernel_version", host.kernel_version},
                                   {"preemption", host.preemption},
                                   {"clocksource", host.clocksource},
                                   {"cpu_mhz", host.cpu_mhz ? AttributeValue(*host.cpu_mhz) : std::monostate{}},
                                   {"governor", optional_text(host.governor)},
                                   {"turbo", optional_text(host.turbo)}},
                       .idle = idle_conditions(all),
                       .checks = {}};
  record.checks = std::move(checks);
  return record;
}

ClockRecord clock_record(const ClockChoice& choice) {
  return {.kind = choice.clock.kind == ClockKind::tsc ? "tsc" : "monotonic_raw",
          .reason = choice.reason,
          .hz = choice.hz,
          .overhead_ns = choice.overhead_ns,
          .resolution_ns = choice.resolution_ns,
          .cross_cpu_ok = choice.cross_cpu_ok,
          .pairs = choice.pairs};
}

HybridSpinRecord hybrid_spin_record(const FloorRecord& floor) {
  return {.placement = floor.placement,
          .spin_ns = floor.futex_rtt_ns ? std::floor(2 * *floor.futex_rtt_ns) : kDefaultSpinNs,
          .cache_line_rtt_ns = floor.cache_line_rtt_ns};
}

HybridSpinRecord measure_hybrid_spin(Placement placement, CpuPair cpus, const Clock& clock) {
  constexpr int kTries = 3;
  for (int tries = 1;; ++tries) {
    try {
      FloorRecord floors = measure_floors(clock, cpus.producer, cpus.consumer, {});
      floors.placement = placement;
      return hybrid_spin_record(floors);
    } catch (const PairFailed&) {
      if (tries == kTries || stop_requested()) throw;
    }
  }
}

std::vector<HybridSpinRecord> measure_hybrid_spins(const Plan& plan, const Clock& clock) {
  std::vector<HybridSpinRecord> spins;
  for (const auto& [placement, cpus] : hybrid_placements(plan))
    spins.push_back(measure_hybrid_spin(placement, cpus, clock));
  return spins;
}

std::vector<HybridSpinRecord> stored_hybrid_spins(const Result& stored, const Plan& plan) {
  if (!stored.hybrid_spins.empty()) return stored.hybrid_spins;
  std::vector<HybridSpinRecord> spins;
  for (const auto& [placement, cpus] : hybrid_placements(plan)) {
    spins.push_back({.placement = placement, .spin_ns = stored.hybrid_spin_ns, .cache_line_rtt_ns = {}, .state = {}});
  }
  return spins;
}

std::chrono::nanoseconds hybrid_spin_at(const std::vector<HybridSpinRecord>& spins, Placement placement) noexcept {
  const auto found =
      std::ranges::find_if(spins, [&](const HybridSpinRecord& spin) { return spin.placement == placement; });
  const bool known = found != spins.end() && found->spin_ns >= 0;  // a file may hold any number
  const double spin_ns = known ? std::min(found->spin_ns, kMostSpinNs) : kDefaultSpinNs;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(spin_ns));
}

std::string utc_now() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

std::vector<TransportRecord> transport_records() {
  std::vector<TransportRecord> records;
  for (const RegisteredTransport& entry : registered_transports()) {
    if (entry.transport == nullptr) {
      records.push_back({.name = std::string(entry.name), .reason = "not_built: " + std::string(entry.missing_reason)});
    } else if (!entry.transport->info().hidden) {
      records.push_back(transport_record(*entry.transport));
    }
  }
  return records;
}

}  // namespace ipcbench
