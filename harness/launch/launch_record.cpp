#include "harness/launch/launch_record.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <span>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/floors/launch_class.h"
#include "harness/launch/load_record.h"
#include "harness/sdk/registry.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

void fill_round_trips(const LoopSpec& spec, const RunLog& log, LaunchRecord& record) {
  const double ops = static_cast<double>(spec.block_ops);
  record.mean_ns = static_cast<double>(spec.clock.to_ns(log.block_end - log.block_begin)) / ops;
  record.mean_stamped_ns = static_cast<double>(log.stamped_sum_ns) / ops;
  record.max_ns = static_cast<double>(log.stamped_max_ns);
  record.max_at_ns = static_cast<double>(log.stamped_max_at_ns);
  const auto all = std::make_unique<Histogram>();
  for (const Histogram& slice : log.slices) {
    all->merge(slice);
    if (slice.count() != 0) record.slices_ns.push_back(slice.quantile(0.5));
  }
  record.histogram = sparse(*all);
}

// Fills the ns per message of each slice. `end_of(slice, last)` is the clock at the end of a slice, whose last message
// is `last` - 1; 0: there are no slices.
template <class EndOf>
void fill_slices(const LoopSpec& spec, std::uint64_t begin, const EndOf& end_of, LaunchRecord& record) {
  std::uint64_t first = 0;
  for (std::size_t slice = 0; slice < kSlices; ++slice) {
    const std::uint64_t last = slice_end(spec.block_ops, slice);
    if (last == first) continue;  // fewer messages than slices
    const std::uint64_t end = end_of(slice, last);
    if (end == 0) return;
    record.slices_ns.push_back(static_cast<double>(spec.clock.to_ns(end - begin)) / static_cast<double>(last - first));
    begin = end;
    first = last;
  }
}

void fill_stream(const LoopSpec& spec, const RunLog& log, LaunchRecord& record) {
  record.block_ns = static_cast<double>(spec.clock.to_ns(log.block_end - log.block_begin));
  fill_slices(
      spec, log.block_begin, [&](std::size_t slice, std::uint64_t) { return log.slice_end_ticks[slice]; }, record);
}

void fill_load(const LoopSpec& spec, RunLog& log, LaunchRecord& record) {
  const OpenLoop loop = open_loop(spec.options);
  const Stamps stamps = stamps_of(log, spec.block_ops);
  const BlockTimes times{.begin = log.block_begin, .planned_end = log.planned_end, .end = log.block_end};
  record.block_ns = static_cast<double>(spec.clock.to_ns(times.end - std::min(times.begin, times.end)));
  const std::vector<MessageTimes> messages = message_times(std::span(&stamps, 1));
  record.load = load_record(messages, times, loop, spec.clock, log.block_ops_done, record.slices_ns);
  // Messages that are all due at once are a stream, unless some were lost.
  if (!loop.is_paced() && log.block_ops_done == spec.block_ops) {
    const auto end_of = [&](std::size_t, std::uint64_t last) { return stamps.received[last - 1]; };
    fill_slices(spec, log.block_begin, end_of, record);
  }
  if (const std::optional<double> ns = pacer_cpu_ns(log.pacer))
    record.load->pacer_cpu_ns = *ns / static_cast<double>(spec.block_ops);
}

// Returns whether the number of system calls depends on timing. It doesn't if every wait blocks in the kernel: then
// nothing is found ready by chance. A broker may answer before its client has looked.
bool calls_vary(const CaseSpec& spec) {
  const Capabilities& can = find_transport(spec.transport)->info().capabilities;
  return traffic_of(spec.scenario) != Traffic::round_trips || !waits_in_call(spec.wait) || can.fast_path ||
         !can.needs_service.empty();
}

}  // namespace

LaunchRecord start_record(const LaunchRequest& request) {
  const auto now = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  LaunchRecord record{
      .case_id = request.spec.id(),
      .started = fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), ms),
      .seed = request.seed,
      .ops = request.block_ops,
      .warmup_ops = request.warmup_ops,
      .cpus = {request.cpus.producer, request.cpus.consumer}};
  if (request.counts_calls) record.calls.emplace(CallsRecord{.timing_dependent = calls_vary(request.spec)});
  return record;
}

void finish_record(const LaunchRequest& request, const LoopSpec& spec, ControlBlock& block, const WorkersEnd& end,
                   LaunchRecord& record) {
  record.coordinator_cpu_ns = end.coordinator.cpu_ns;
  record.coordinator_wall_ns = end.coordinator.wall_ns;
  if (!judge(end, record) || spec.pilot_ns != 0) return;

  if (spec.counts_calls) {
    record.calls->sides = end.calls.sides;
    record.calls->source = end.calls.source;
    record.verified = block.log.block_ops_done;
    return;
  }
  if (request.cpus.producer != request.cpus.consumer) record.canary_ns = block.canary_ns;
  for (std::size_t side = 0; side < 2; ++side) {
    record.usage[side] = usage_between(block.log.sides[side].before, block.log.sides[side].after);
  }
  if (block.log.sides[0].threads > 1 || block.log.sides[1].threads > 1)
    record.threads = std::vector{block.log.sides[0].threads, block.log.sides[1].threads};
  if (spec.broker != 0) record.broker = usage_between(block.log.broker_before, block.log.broker_after);
  record.verified = block.log.block_ops_done;
  record.sent = block.log.block_ops_sent;
  record.bytes_per_op = spec.message_size;
  if (const std::optional<Traffic> traffic = traffic_of(spec.scenario); traffic == Traffic::round_trips) {
    fill_round_trips(spec, block.log, record);
  } else if (traffic == Traffic::scheduled) {
    fill_load(spec, block.log, record);
  } else {
    fill_stream(spec, block.log, record);
  }
  if (const auto launch_class = classify(record.slices_ns)) record.launch_class = ipcbench::to_string(*launch_class);
}

void add_environment(const SystemCounters& before, const SystemCounters& after, LaunchRecord& record) {
  const auto difference = [](std::optional<std::uint64_t> from, std::optional<std::uint64_t> to) -> AttributeValue {
    if (!from || !to) return std::monostate{};
    return static_cast<std::int64_t>(*to - *from);
  };
  record.environment.emplace_back("steal_ns", difference(before.steal_ns, after.steal_ns));
  record.environment.emplace_back("interrupts", difference(before.interrupts, after.interrupts));
}

}  // namespace ipcbench
