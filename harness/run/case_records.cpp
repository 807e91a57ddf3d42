#include "harness/run/case_records.h"

#include <optional>
#include <vector>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "harness/measure/stamps.h"
#include "harness/plan/plan_time.h"
#include "harness/sdk/registry.h"
#include "harness/suite/duration.h"
#include "results/figures/summary.h"
#include "results/model/result_error.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

// A cache line takes some 20 ns to another CPU; a pilot is stopped after 20 s.
constexpr double kShortestOpNs = 0.01;
constexpr double kLongestOpNs = 1e12;
// The payload of a case that carries none.
constexpr const char* kNoPayload = "none";

[[noreturn]] void refuse_record(const std::string& file, const CaseRecord& record, std::string_view why) {
  throw ResultError(fmt::format("{}: case \"{}\": {}", file, printable(record.id), why));
}

// Bounds the two numbers that launches' lengths are computed from; beyond that, products would overflow.
void check_lengths(const std::string& file, const CaseRecord& record, double op_ns) {
  if (!(op_ns > 0) || record.ops == 0) refuse_record(file, record, "its pilot launch has no time per op");
  if (op_ns < kShortestOpNs || op_ns > kLongestOpNs)
    refuse_record(file, record, fmt::format("pilot_op_ns: {} ns is no time per op", op_ns));
  if (static_cast<double>(record.ops) * op_ns > 2 * static_cast<double>(kLongestDuration.count()))
    refuse_record(file, record, fmt::format("ops: a block of {} would take months", record.ops));
}

// Refuses a block that has fewer ops than slices. Blocks of silences have no slices.
void check_slices(const std::string& file, const CaseRecord& record, const CaseSpec& spec) {
  if (record.ops >= kSlices || open_loop_of(spec).silence_ns != 0) return;
  refuse_record(file, record, fmt::format("ops: {} are fewer than the {} slices of a block", record.ops, kSlices));
}

// Bounds what an open loop's stamps and schedule are made of.
void check_schedule(const std::string& file, const CaseRecord& record, const CaseSpec& spec) {
  const double silences_ns = static_cast<double>(record.ops) * static_cast<double>(open_loop_of(spec).silence_ns);
  if (silences_ns > 2 * static_cast<double>(kLongestDuration.count()))
    refuse_record(file, record, fmt::format("ops: a block of {} would take months", record.ops));
  if (record.ops > kMostStamps)
    refuse_record(file, record, fmt::format("ops: an open loop stamps at most {} messages", kMostStamps));
  if (record.rate_per_s && (*record.rate_per_s == 0 || *record.rate_per_s > kLargestRate))
    refuse_record(file, record, fmt::format("rate_per_s: {} is no rate", *record.rate_per_s));
}

// Refuses option values that no case id could have, since they become lengths.
void check_options(const std::string& file, const CaseRecord& record, const CaseSpec& spec) {
  const Transport* transport = find_transport(spec.transport);
  if (transport == nullptr) return;
  for (const auto& [name, value] : spec.options) {
    if (takes_option(spec, transport->info(), name, value)) continue;
    refuse_record(file, record, fmt::format("this build has no option {}={}", printable(name), printable(value)));
  }
}

CaseSpec stored_spec(const CaseRecord& record, const std::string& file) {
  const auto scenario = record.scenario.value();
  const auto wait = record.wait.value();
  const auto placement = record.placement.value();
  if (!scenario || !wait || !placement || find_registered(record.transport) == nullptr) {
    refuse_record(file, record, "this build has no such case; one of a plug-in needs --plugin FILE");
  }
  CaseSpec spec{.scenario = *scenario,
                .transport = record.transport,
                .wait = *wait,
                .size = record.size,
                .placement = *placement,
                .options = {record.options.begin(), record.options.end()}};
  if (spec.id() != record.id) refuse_record(file, record, "its parts don't make up its id");
  check_options(file, record, spec);
  return spec;
}

// Takes over where the seats of a cast ran. A case that isn't skipped has a CPU for each.
void take_seats(PlannedCase& planned, const CaseRecord& record, const std::string& file) {
  if (!has_cast(planned.spec)) return;
  const std::size_t seats = cast_of(planned.spec).pattern.seats();
  planned.seat_cpus = record.seat_cpus.value_or(std::vector<int>{});
  if (planned.seat_cpus.size() != seats)
    refuse_record(file, record, fmt::format("seat_cpus: {} where there are {} seats", planned.seat_cpus.size(), seats));
}

}  // namespace

CaseRecord case_record(const PlannedCase& planned, PayloadMode payload) {
  const Transport* transport = find_transport(planned.spec.transport);
  const bool carries = transport == nullptr || transport->info().capabilities.carries_payload;
  CaseRecord record{.id = planned.spec.id(),
                    .scenario = planned.spec.scenario,
                    .transport = planned.spec.transport,
                    .wait = planned.spec.wait,
                    .placement = planned.spec.placement,
                    .size = planned.spec.size,
                    .cpus = {planned.cpus.producer, planned.cpus.consumer},
                    .core_kinds = planned.core_kinds,
                    .options = {planned.spec.options.begin(), planned.spec.options.end()},
                    .payload = carries ? PayloadName(payload) : PayloadName(kNoPayload),
                    .workers = std::string(to_string(planned.workers))};
  if (planned.at_largest) {
    const std::vector<std::size_t>& asked = planned.at_largest->asked;
    record.at_largest = AtLargestRecord{{asked.begin(), asked.end()}, planned.at_largest->limit};
  }
  if (!planned.seat_cpus.empty()) record.seat_cpus = planned.seat_cpus;
  if (!planned.skip_reason.empty()) {
    record.status = Status::skipped;
    record.reason = planned.skip_reason;
  }
  return record;
}

PlannedCase planned_case(const CaseRecord& record, std::chrono::nanoseconds block, const std::string& file) {
  PlannedCase planned{.spec = stored_spec(record, file),
                      .cpus = {record.cpus[0], record.cpus[1]},
                      .core_kinds = record.core_kinds,
                      .workers = workers_in_record(record.workers, file)};
  if (record.status == Status::skipped && !is_waiting(record)) {
    planned.skip_reason = record.reason.empty() ? "skipped" : record.reason;
    return planned;
  }
  take_seats(planned, record, file);
  if (find_transport(record.transport) == nullptr) refuse_record(file, record, "this build lacks its transport");
  if (!record.pilot_op_ns) return planned;
  check_lengths(file, record, *record.pilot_op_ns);
  check_slices(file, record, planned.spec);
  if (is_scheduled(planned.spec)) check_schedule(file, record, planned.spec);
  planned.rate_per_s = record.rate_per_s.value_or(0);
  set_lengths(planned, *record.pilot_op_ns, block);
  planned.block_ops = record.ops;
  return planned;
}

}  // namespace ipcbench
