#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "results/figures/catalogue.h"
#include "results/model/record.h"

// Maps members to keys once, for the writer and the reader alike, so that they can't disagree. An archive A offers:
//
//   a("key", member)           any member type
//   a.object("key", f)         f(archive of the nested object)
//   a.word("key", s)           a string that is an id or made of known words: bounded
//   a.text_or_null("key", s)   null for an empty string
//   a.reason(s)                "reason", left out if empty
//   a.added("key", member)     a key that files of earlier builds lack
//   a.added_object("key", is_there, f)   likewise an object, written only if it is there
//   a.if_any("key", optional)  a key that is left out if there is no value
//   a.outline()                true for a journal's header

namespace ipcbench::json {

inline constexpr int kSchemaVersion = 1;  // of all schemas, until one of them changes

template <class T, class U>
concept Like = std::same_as<std::remove_const_t<T>, U>;

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

template <class A, Like<SideUsage> R>
void fields(A& a, R& r) {
  a("cpu_ns", r.cpu_ns);
  a("wall_ns", r.wall_ns);
  a("user_ns", r.user_ns);
  a("system_ns", r.system_ns);
  a("voluntary", r.voluntary);
  a("involuntary", r.involuntary);
  a("minor_faults", r.minor_faults);
  a("major_faults", r.major_faults);
}

template <class A, Like<ProcessUsage> R>
void fields(A& a, R& r) {
  a("cpu_ns", r.cpu_ns);
  a("voluntary", r.voluntary);
  a("involuntary", r.involuntary);
}

template <class A, Like<CallCount> R>
void fields(A& a, R& r) {
  a("done", r.done);
  a("retried", r.retried);
}

template <class A, Like<CallsRecord> R>
void fields(A& a, R& r) {
  a("producer", r.sides[0]);
  a("consumer", r.sides[1]);
  a("timing_dependent", r.timing_dependent);
  a.added("source", r.source);
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

template <class A, Like<SetupRecord> R>
void fields(A& a, R& r) {
  a("create_ns", r.create_ns);
  a("connect_ns", r.connect_ns);
  a("teardown_ns", r.teardown_ns);
}

template <class A, Like<LoadRecord> R>
void fields(A& a, R& r) {
  a("offered_per_s", r.offered_per_s);
  a.if_any("silence_ns", r.silence_ns);
  a("achieved_per_s", r.achieved_per_s);
  a("overloaded", r.overloaded);
  a("unsteady", r.unsteady);
  a("backlog", r.backlog);
  a("response_max_ns", r.response_max_ns);
  a("response_max_at_ns", r.response_max_at_ns);
  a("service_max_ns", r.service_max_ns);
  a("lateness_max_ns", r.lateness_max_ns);
  a("late_ratio", r.late_ratio);
  a("pacer_cpu_ns", r.pacer_cpu_ns);
  a("response", r.response);
  a("service", r.service);
  a("lateness", r.lateness);
}

template <class A, Like<SeatRecord> R>
void fields(A& a, R& r) {
  a.word("role", r.role);
  a("index", r.index);
  a("cpu", r.cpu);
  a("ops", r.ops);
  a("cpu_ns", r.cpu_ns);
  a("p50_ns", r.p50_ns);
  a("p99_ns", r.p99_ns);
  a("max_ns", r.max_ns);
}

template <class A, Like<CastRecord> R>
void fields(A& a, R& r) {
  a("fairness", r.fairness);
  a("worst_ratio", r.worst_ratio);
  a("seats", r.seats);
}

template <class A, Like<LockRecord> R>
void fields(A& a, R& r) {
  a("block_ns", r.block_ns);
  a("turns", r.turns);
  a("handovers", r.handovers);
  a("handover_p50_ns", r.handover_p50_ns);
  a("handover_p99_ns", r.handover_p99_ns);
}

template <class A, Like<ClockPairRecord> R>
void fields(A& a, R& r) {
  a("cpus", r.cpus);
  a("offset_ns", r.offset_ns);
  a("error_ns", r.error_ns);
}

template <class A, Like<BufferRecord> R>
void fields(A& a, R& r) {
  a.word("name", r.name);
  a.word("direction", r.direction);
  a("size", r.size);
}

template <class A, Like<LimitRecord> R>
void fields(A& a, R& r) {
  a.word("limit", r.limit);
  a.word("value", r.value);
  a.word("effect", r.effect);
  a.text_or_null("buffer", r.buffer);
  a("wanted", r.wanted);
  a("got", r.got);
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

template <class A, Like<LaunchRecord> R>
void fields(A& a, R& r) {
  a("pass", r.pass);
  a("order", r.order);
  a("status", r.status);
  a("reason", r.reason);
  a("phase", r.phase);
  a("started", r.started);
  a("seed", r.seed);
  a("ops", r.ops);
  a("warmup_ops", r.warmup_ops);
  a("cpus", r.cpus);
  a("canary_ns", r.canary_ns);
  a.text_or_null("state", r.state);
  a("used", r.used);
  a("outlier", r.outlier);
  a.text_or_null("class", r.launch_class);
  a("mean_ns", r.mean_ns);
  a("mean_stamped_ns", r.mean_stamped_ns);
  a("max_ns", r.max_ns);
  a("max_at_ns", r.max_at_ns);
  a("block_ns", r.block_ns);
  a.added("calls", r.calls);
  a.added("setup", r.setup);
  a.if_any("load", r.load);
  a.if_any("cast", r.cast);
  a.if_any("lock", r.lock);
  a.added("buffers", r.buffers);
  a.added("limits_met", r.limits_met);
  a.object("integrity", [&](auto& in) {
    in("verified", r.verified);
    in("sent", r.sent);
    in("bytes_per_op", r.bytes_per_op);
  });
  a.object("usage", [&](auto& in) {
    in("producer", r.usage[0]);
    in("consumer", r.usage[1]);
    in.added("broker", r.broker);
    in.object("coordinator", [&](auto& coordinator) {
      coordinator("cpu_ns", r.coordinator_cpu_ns);
      coordinator("wall_ns", r.coordinator_wall_ns);
    });
  });
  a("environment", r.environment);
  a("slices", r.slices_ns);
  a("histogram", r.histogram);
  a.if_any("threads", r.threads);
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
  if (a.outline()) return;
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
