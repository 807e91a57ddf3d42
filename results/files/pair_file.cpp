#include "results/files/pair_file.h"

#include <cstddef>

#include <fmt/format.h>

#include "harness/files/input_file.h"
#include "results/compare/looks.h"
#include "results/files/json_fields.h"
#include "results/files/json_reader.h"
#include "results/files/record_writer.h"

namespace ipcbench {
namespace json {

template <class A, Like<LaunchMetrics> R>
void fields(A& a, R& r) {
  a("status", r.status);
  a.reason(r.reason);
  a("rtt_p50_ns", r.rtt_p50_ns);
  a("rtt_mean_ns", r.rtt_mean_ns);
  a("message_ns", r.message_ns);
  a("connect_ns", r.connect_ns);
  a.if_any("load_p50_ns", r.load_p50_ns);
  a("cpu_ns_per_op", r.cpu_ns_per_op);
  a("switches_per_op", r.switches_per_op);
  a("syscalls_per_op", r.syscalls_per_op);
  a("canary_ns", r.canary_ns);
  a("calls_vary", r.calls_vary);
  a.added("limits_met", r.limits_met);
}

template <class A, Like<LaunchPair> R>
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
  a.added("tool", r.build);
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
  a.optional("workers", r.workers);
  a.added("block_ns", r.block_ns);
  a("seed", r.seed);
  a("rounds", r.rounds);
  a.added("looks", r.looks);
  a("tool", r.build);
  a("clock", r.clock);
  a.added("hybrid_spins", r.hybrid_spins);
  a("base", r.base);
  a("head", r.head);
  a("cases", r.cases);
}

}  // namespace json

namespace {

constexpr std::size_t kMostSessions = 2000;  // every pair of them gives a distance

bool is_pairs_header(std::string_view line) { return line.substr(0, 80).find(kPairsSchema) != std::string_view::npos; }

}  // namespace

std::string to_json_line(const PairHeader& header) {
  json::RecordWriter writer(0, json::Form::full);
  writer.document(header, kPairsSchema);
  return writer.take();
}

std::string to_json_line(const LaunchPair& pair) {
  json::RecordWriter writer(0, json::Form::full);
  writer.document(pair, "");
  return writer.take();
}

PairHeader pair_header_from_json(std::string_view line, const std::string& file) {
  PairHeader header = json::read_record<PairHeader>(line, file, kPairsSchema);
  if (const std::string why = why_no_looks(header.looks); !why.empty())
    throw ResultError(fmt::format("{}: looks: {}", file, why));
  return header;
}

LaunchPair pair_from_json(std::string_view line, const std::string& file) {
  return json::read_record<LaunchPair>(line, file);
}

PairFile pairs_from_text(std::string_view text, const std::string& file) {
  PairFile pairs;
  std::size_t number = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    const std::string_view line = text.substr(0, end);
    const std::string where = fmt::format("{}:{}", file, ++number);
    if (number == 1 || is_pairs_header(line)) {
      if (pairs.sessions.size() == kMostSessions)
        throw ResultError(fmt::format("{}: more than {} sessions", where, kMostSessions));
      pairs.sessions.push_back({.header = pair_header_from_json(line, where)});
    } else {
      pairs.sessions.back().pairs.push_back(pair_from_json(line, where));
    }
    text.remove_prefix(end + 1);
  }
  if (number == 0) throw ResultError(fmt::format("{}: no {}: it has no whole first line", file, kPairsSchema));
  if (!text.empty())
    pairs.torn = fmt::format("line {} is cut after {} bytes and was left out", number + 1, text.size());
  return pairs;
}

PairFile load_pairs(const std::string& path) { return pairs_from_text(read_input(path), path); }

}  // namespace ipcbench
