#pragma once

#include "results/compare/noise_model.h"
#include "results/compare/pairs.h"
#include "results/files/json_fields.h"

// Defines the keys of paired launches and of noise models; see json_fields.h.

namespace ipcbench::json {

template <class A, Like<Sample> R>
void fields(A& a, R& r) {
  a("status", r.status);
  a.reason(r.reason);
  a("rtt_p50_ns", r.rtt_p50_ns);
  a("rtt_mean_ns", r.rtt_mean_ns);
  a("message_ns", r.message_ns);
  a("connect_ns", r.connect_ns);
  a("cpu_ns_per_op", r.cpu_ns_per_op);
  a("switches_per_op", r.switches_per_op);
  a("syscalls_per_op", r.syscalls_per_op);
  a("canary_ns", r.canary_ns);
  a("calls_vary", r.calls_vary);
  a.added("limits_met", r.limits_met);
}

template <class A, Like<SamplePair> R>
void fields(A& a, R& r) {
  a.word("case", r.case_id);
  a("round", r.round);
  a("counts", r.counts);
  a("confirms", r.confirms);
  a("head_first", r.head_first);
  a.added("at_s", r.at_s);
  a.added("other_runs", r.other_runs);
  a("base", r.base);
  a("head", r.head);
}

template <class A, Like<ArmRecord> R>
void fields(A& a, R& r) {
  a("name", r.name);
  a("program", r.program);
  a("environment", r.environment);
  a("options", r.options);
  a.added("tool", r.tool);
}

template <class A, Like<PairedCase> R>
void fields(A& a, R& r) {
  a.word("id", r.id);
  a.word("scenario", r.scenario);
  a.word("transport", r.transport);
  a.word("wait", r.wait);
  a.word("placement", r.placement);
  a("cpus", r.cpus);
  a("ops", r.ops);
  a.added("warmup_ops", r.warmup_ops);
  a("reason", r.reason);
  a.added("missing", r.missing);
}

template <class A, Like<PairHeader> R>
void fields(A& a, R& r) {
  a("started", r.started);
  a("boot", r.boot);
  a("machine_class", r.machine_class);
  a.added("inherited", r.inherited);
  a("suite", r.suite);
  a("payload", r.payload);
  a.added("block_ns", r.block_ns);
  a("seed", r.seed);
  a("rounds", r.rounds);
  a.added("looks", r.looks);
  a("tool", r.tool);
  a("clock", r.clock);
  a.added("hybrid_spins", r.hybrid_spins);
  a("base", r.base);
  a("head", r.head);
  a("cases", r.cases);
}

template <class A, Like<RoundMargin> R>
void fields(A& a, R& r) {
  a("rounds", r.rounds);
  a("margin", r.margin);
}

template <class A, Like<NoiseFigure> R>
void fields(A& a, R& r) {
  a.word("case", r.case_id);
  a.word("metric", r.metric);
  a("pairs", r.pairs);
  a("spread", r.spread);
  a("margin", r.margin);
  a.added("margins", r.margins);
  a("runs", r.runs);
  a("run_margin", r.run_margin);
  a.reason(r.reason);
}

template <class A, Like<NoiseModel> R>
void fields(A& a, R& r) {
  a("machine_class", r.machine_class);
  a.added("inherited", r.inherited);
  a("created", r.created);
  a("suite", r.suite);
  a("payload", r.payload);
  a.added("block_ns", r.block_ns);
  a("seed", r.seed);
  a("rounds", r.rounds);
  a("jobs", r.jobs);
  a("tool", r.tool);
  a("figures", r.figures);
}

}  // namespace ipcbench::json
