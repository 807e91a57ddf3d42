#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "results/figures/catalogue.h"
#include "results/files/json_archive.h"
#include "results/files/launch_fields.h"
#include "results/model/record.h"

// Maps the members of a result to keys, but those of its launches.

namespace ipcbench::json {

template <class A, Like<Figure> R>
void fields(A& a, R& r) {
  a("median", r.median);
  a("ci95", r.ci95);
  a("n", r.n);
  a.reason(r.reason);
}

template <class A, Like<WorstCase> R>
void fields(A& a, R& r) {
  a("ns", r.ns);
  a("at_ns", r.at_ns);
  a("pass", r.pass);
}

// Maps what a group of figures holds besides the figures.
template <class A, Like<CaseSummary> R>
void fields_beside(A& a, std::string_view group, R& r) {
  if (group == "rtt_ns") {
    a("worst", r.rtt_worst);
    a("p50_from_mean", r.p50_from_mean);
  } else if (group == "syscalls_per_op") {
    a.added("timing_dependent", r.syscalls_vary);
    a.added("source", r.syscalls_source);
  } else if (group == "channel_bytes") {
    a.text_or_null("source", r.channel_source);
  }
}

template <class A, Like<CaseSummary> R>
void fields(A& a, R& r) {
  const std::span<const FigureInfo> all = figure_catalogue();
  for (std::size_t i = 0; i < all.size();) {
    const std::string_view group = all[i].group;
    if (group.empty()) {
      all[i].added ? a.added(all[i].name, r.*all[i].figure) : a(all[i].name, r.*all[i].figure);
      ++i;
      continue;
    }
    const std::size_t first = i;
    while (i < all.size() && all[i].group == group) ++i;
    const auto content = [&](auto& in) {
      for (std::size_t at = first; at < i; ++at) in(all[at].name, r.*all[at].figure);
      fields_beside(in, group, r);
    };
    auto& is_there = group == "pooled_ns" ? r.follows_silences
                     : group == "cast"    ? r.has_cast
                     : group == "lock"    ? r.takes_turns
                                          : r.is_open_loop;
    all[first].added ? a.added_object(group, is_there, content) : a.object(group, content);
  }
  a.text_or_null("steady", r.steady);
  a("bimodal", r.bimodal);
  a.added("buffers", r.buffers);
  a.added("limits_met", r.limits_met);
  a("notes", r.notes);
}

template <class A, Like<ChannelRecord> R>
void fields(A& a, R& r) {
  a("idle_bytes", r.idle_bytes);
  a("loaded_bytes", r.loaded_bytes);
  a("payload_bytes", r.payload_bytes);
  a("channels", r.channels);
  a("capped", r.capped);
  a.text_or_null("source", r.source);
  a.added("idle_error_bytes", r.idle_error_bytes);
  a.added("loaded_error_bytes", r.loaded_error_bytes);
  a.added("kernel_objects", r.kernel_objects);
  a.added("limits_met", r.limits_met);
  a.text_or_null("reason", r.reason);
}

template <class A, Like<ClockPairRecord> R>
void fields(A& a, R& r) {
  a("cpus", r.cpus);
  a("offset_ns", r.offset_ns);
  a("error_ns", r.error_ns);
}

template <class A, Like<BufferRange> R>
void fields(A& a, R& r) {
  a.word("name", r.name);
  a.word("direction", r.direction);
  a("least", r.least);
  a("most", r.most);
}

template <class A, Like<CaseLimit> R>
void fields(A& a, R& r) {
  fields(a, r.met);
  a("launches", r.launches);
}

template <class A, Like<AtLargestRecord> R>
void fields(A& a, R& r) {
  a("asked", r.asked);
  a("limit", r.limit);
}

template <class A, Like<CaseRecord> R>
void fields(A& a, R& r) {
  a.word("id", r.id);
  a.word("scenario", r.scenario);
  a.word("transport", r.transport);
  a.word("wait", r.wait);
  a("size", r.size);
  a.optional("at_largest", r.at_largest);
  a.word("placement", r.placement);
  a("cpus", r.cpus);
  a.optional("core_kinds", r.core_kinds);
  a("options", r.options);
  a("payload", r.payload);
  a.optional("workers", r.workers);
  a.if_any("rate_per_s", r.rate_per_s);
  a.if_any("seat_cpus", r.seat_cpus);
  a.added("pilot_op_ns", r.pilot_op_ns);
  a("ops", r.ops);
  a("status", r.status);
  a("reason", r.reason);
  if (a.form() == Form::outline) return;
  a.object("state", [&](auto& in) {
    in.text_or_null("used", r.summary.state_used);
    in("counts", r.summary.state_counts);
  });
  a("summary", r.summary);
  a("launches", r.launches);
  a.added("counted", r.counted);
  a.added("channel", r.channel);
}

template <class A, Like<BandwidthRecord> R>
void fields(A& a, R& r) {
  a("size", r.size);
  a("bytes_per_s", r.bytes_per_s);
}

template <class A, Like<FloorRecord> R>
void fields(A& a, R& r) {
  a.word("placement", r.placement);
  a("cpus", r.cpus);
  a.text_or_null("state", r.state);
  a("clock_read_ns", r.clock_read_ns);
  a("syscall_ns", r.syscall_ns);
  a("cache_line_rtt_ns", r.cache_line_rtt_ns);
  a("futex_rtt_ns", r.futex_rtt_ns);
  a("memcpy", r.memcpy);
  a("line_touch", r.line_touch);
}

template <class A, Like<HybridSpinRecord> R>
void fields(A& a, R& r) {
  a.word("placement", r.placement);
  a("spin_ns", r.spin_ns);
  a("cache_line_rtt_ns", r.cache_line_rtt_ns);
  a.text_or_null("state", r.state);
}

template <class A, Like<StateRecord> R>
void fields(A& a, R& r) {
  a.word("placement", r.placement);
  a("clusters_ns", r.clusters_ns);
  a.text_or_null("used", r.used);
}

template <class A, Like<NoiseRecord> R>
void fields(A& a, R& r) {
  a("cpu", r.cpu);
  std::optional<double> unsupported;  // always null: kept for readers of this version
  a("spin_gap_max_ns", r.spin_gap_max_ns);
  a.added("spin_gaps", r.spin_gaps);
  a("stolen_ratio", r.stolen_ratio);
  a("wakeup_p50_ns", r.wakeup_p50_ns);
  a.added("wakeup_max_ns", r.wakeup_max_ns);
  a.added("wakeups", r.wakeups);
  a.added("spin_gap_p999_ns", unsupported);
  a.added("wakeup_p99_ns", unsupported);
}

template <class A, Like<HostCheck> R>
void fields(A& a, R& r) {
  a.word("id", r.id);
  a("severity", r.severity);
  a("text", r.text);
  a("source", r.source);
  a.optional("value", r.value);
  a.optional("mend", r.fix);
}

template <class A, Like<MachineRecord> R>
void fields(A& a, R& r) {
  a("class", r.machine_class);
  a("cpu", r.cpu);
  a("kernel", r.kernel);
  a("virtualisation", r.virtualisation);
  a("topology", r.topology);
  a.added("inherited", r.inherited);
  a("mitigations", r.mitigations);
  a("limits", r.limits);
  a("details", r.details);
  a.added("idle", r.idle);
  a("checks", r.checks);
}

template <class A, Like<ClockRecord> R>
void fields(A& a, R& r) {
  a("kind", r.kind);
  a("reason", r.reason);
  a("hz", r.hz);
  a("overhead_ns", r.overhead_ns);
  a("resolution_ns", r.resolution_ns);
  a("cross_cpu_ok", r.cross_cpu_ok);
  a.added("pairs", r.pairs);
}

template <class A, Like<InstrumentRecord> R>
void fields(A& a, R& r) {
  a("write_line_ns", r.write_line_ns);
  a("check_line_ns", r.check_line_ns);
}

template <class A, Like<FactRecord> R>
void fields(A& a, R& r) {
  a("claim", r.claim);
  a("question", r.question);
  a.text_or_null("answer", r.answer);
  a.text_or_null("evidence", r.evidence);
  a.text_or_null("verdict", r.agreement);
  a.reason(r.reason);
  a.added("limit", r.limit);
}

template <class A, Like<TransportRecord> R>
void fields(A& a, R& r) {
  a.word("name", r.name);
  a.word("family", r.family);
  a("row", r.row);
  a("summary", r.summary);
  a("available", r.available);
  a("reason", r.reason);
  a("capabilities", r.capabilities);
  a("waits", r.waits);
  a("options", r.options);
  a.added("facts", r.facts);
  a.if_any("foreign", r.foreign);
}

template <class A, Like<BuildInfo> R>
void fields(A& a, R& r) {
  a("version", r.version);
  a("git", r.git);
  a("compiler", r.compiler);
  a("flags", r.flags);
  a("build_type", r.build_type);
}

template <class A, Like<PromiseRecord> R>
void fields(A& a, R& r) {
  a.word("figure", r.figure);
  a("below_ns", r.below_ns);
  a("cpu_ratio", r.cpu_ratio);
  a("options", r.options);
}

template <class A, Like<Result> R>
void fields(A& a, R& r) {
  a.if_any("form", r.form);
  a("complete", r.complete);
  a.word("run_id", r.run_id);
  a("started", r.started);
  a.added("resumed", r.resumed);
  a("command", r.command);
  a.word("suite", r.suite);
  a("seed", r.seed);
  a("passes", r.passes);
  a.word("payload", r.payload);
  a.added("block_ns", r.block_ns);
  a.if_any("most_load_percent", r.most_load_percent);
  a.if_any("promise", r.promise);
  a.added("looks", r.looks);
  a.added("precision", r.precision);
  a.added("budget_ns", r.budget_ns);
  a("hybrid_spin_ns", r.hybrid_spin_ns);
  a.added("hybrid_spins", r.hybrid_spins);
  a("notes", r.notes);
  a("tool", r.build);
  a("machine", r.machine);
  a("clock", r.clock);
  a("instrument", r.instrument);
  a("floors", r.floors);
  a("noise", r.noise);
  a("states", r.states);
  a("transports", r.transports);
  a("cases", r.cases);
}

}  // namespace ipcbench::json
