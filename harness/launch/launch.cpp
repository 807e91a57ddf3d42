#include "harness/launch/launch.h"

#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/floors/noise.h"
#include "harness/launch/cast_launch.h"
#include "harness/launch/control_block.h"
#include "harness/launch/launch_memory.h"
#include "harness/launch/launch_record.h"
#include "harness/launch/launch_workers.h"
#include "harness/launch/loop_spec.h"
#include "harness/launch/setup_launch.h"
#include "harness/launch/side_failure.h"
#include "harness/measure/stamps.h"
#include "harness/plan/launch_limits.h"
#include "harness/process/call_listener.h"
#include "harness/process/call_tracer.h"
#include "harness/process/stop_signals.h"
#include "harness/sdk/injection.h"

namespace ipcbench {
namespace {

CallsRecord counted_by(const CallCounter& counter) {
  CallsRecord calls{.source = counter.source()};
  for (std::size_t side = 0; side < 2; ++side) calls.sides[side] = counter.count(side);
  return calls;
}

// The workers' part of a launch: starts both, lets them run, reaps both. A launch that counts system calls does so by
// `listener`, or else by ptrace.
WorkersEnd run_workers(const LaunchRequest& request, const LoopSpec& spec, Session& session, WorkerTickets tickets,
                       RunDir& run_dir, const LaunchMemory& memory, CallListener* listener) {
  auto& block = *reinterpret_cast<ControlBlock*>(memory.data());
  LaunchWorkers workers(request.workers, memory, run_dir, request.deadline);
  for (const Role role : {Role::producer, Role::consumer}) {
    WorkerOrders orders = orders_for(request, role);
    orders.canary = request.cpus.producer != request.cpus.consumer && !request.counts_calls;
    orders.spec = spec;
    workers.start(std::string(to_string(role)), block.log.side(role), spec.size_from(other(role)), orders, tickets,
                  listener != nullptr ? listener->children_fd() : -1);
  }
  tickets.clear();  // else a worker would never see the end of its peer's stream

  std::optional<CallTracer> tracer;
  CallCounter* counter = listener;
  std::vector<WorkerStop> stops;
  if (workers.until_ready()) {
    WorkerWatch& watch = workers.watch();
    session.attached();
    if (request.counts_calls && listener == nullptr)
      counter = &tracer.emplace(std::vector{workers.worker(0).pid(), workers.worker(1).pid()});
    while (listener != nullptr && !listener->complete() && watch.until_readable(listener->handover_fd())) {
      listener->accept();
    }
    if (counter != nullptr) watch.serve(*counter);
    workers.open_gate(block.gate);
    if (request.stops) {
      stops = stop_worker(*request.stops, workers.worker(static_cast<std::size_t>(request.stops->role)), block.log,
                          request.clock, [&](int fd) { return watch.until_readable(fd); });
    }
    workers.until_over();
  }
  WorkersEnd end = workers.end();
  end.stops = std::move(stops);
  if (counter != nullptr) end.calls = counted_by(*counter);
  return end;
}

SendTimes send_times(RunLog& log, const LoopSpec& spec) {
  SendTimes times;
  const Stamps stamps = stamps_of(log, spec.block_ops);
  for (const std::uint64_t planned : stamps.planned) times.planned_ns.push_back(spec.clock.to_ns(planned));
  for (const std::uint64_t sent : stamps.sent) times.sent_ns.push_back(spec.clock.to_ns(sent - log.block_begin));
  return times;
}

std::vector<int> cpus_of(CpuPair pair) {
  std::vector<int> cpus;
  if (pair.producer >= 0) cpus.push_back(pair.producer);
  if (pair.consumer >= 0 && pair.consumer != pair.producer) cpus.push_back(pair.consumer);
  return cpus;
}

LaunchOutcome launch_pair(const LaunchRequest& request, RunDir& run_dir, CallListener* listener) {
  const Transport& transport = transport_of(request);
  const TransportInfo& info = transport.info();
  LoopSpec spec = loop_spec(request, info.capabilities);

#if defined(IPCBENCH_INJECTION)
  inject_into(request.spec.transport, request.clock);
#endif
  LaunchOutcome outcome{.record = start_record(request)};
  const MemoryLimitWatch memory_limits;
  const std::size_t of_stamps = has_stamps(spec) ? stamps_size(spec.block_ops) : 0;
  const LaunchMemory memory(sizeof(ControlBlock) + of_stamps, request.workers);
  auto& block = *new (memory.data()) ControlBlock;  // trivial: keeps the mapping's zeros
  block.log.stamps_offset = sizeof(ControlBlock) - offsetof(ControlBlock, log);

  const std::vector<int> cpus = cpus_of(request.cpus);
  const SystemCounters before = read_system_counters(cpus);
  std::unique_ptr<Session> session;
  WorkerTickets tickets;
  try {
    session = transport.create(session_config(request, run_dir));
    tickets = tickets_of(*session);
  } catch (const std::runtime_error& error) {
    outcome.interrupted = stop_now();
    outcome.record.status = Status::crashed;
    outcome.record.phase = Phase::creating;
    outcome.record.reason = error.what();
    return outcome;
  }
  spec.broker = session->broker();
  WorkersEnd end = run_workers(request, spec, *session, std::move(tickets), run_dir, memory, listener);
  if (!end.clean()) end.broker = session->broker_end();
  const SessionFault fault = session->end();
  session.reset();
  outcome.interrupted = stop_now();
  finish_record(request, spec, block, end, outcome.record);
  add_fault(fault, outcome.record);
  outcome.stops = std::move(end.stops);
  if (request.keeps_times && has_stamps(spec) && outcome.record.status == Status::ok)
    outcome.times = send_times(block.log, spec);
  add_buffers(block.buffers, outcome.record);
  add_memory_limits(memory_limits.hit(), outcome.record.limits_met);
  add_environment(before, read_system_counters(cpus), outcome.record);
  if (spec.pilot_ns != 0 && outcome.record.status == Status::ok) {
    outcome.pilot_op_ns =
        static_cast<double>(spec.clock.to_ns(block.log.pilot_ticks)) / static_cast<double>(block.log.pilot_ops);
  }
  return outcome;
}

// Counts system calls by ptrace, or by seccomp notification if ptrace is refused.
LaunchOutcome launch_counting(const LaunchRequest& request, RunDir& run_dir) {
  if (!transport_of(request).info().foreign.command.empty()) {
    LaunchOutcome outcome{.record = start_record(request)};
    outcome.record.status = Status::skipped;
    outcome.record.reason = "system calls of a foreign worker aren't counted";
    return outcome;
  }
  std::string refusal;
  try {
    return launch_pair(request, run_dir, nullptr);
  } catch (const std::system_error& error) {
    refusal = error.what();
  }
  try {
    CallListener listener(2);
    return launch_pair(request, run_dir, &listener);
  } catch (const std::system_error& error) {
    LaunchOutcome outcome{.record = start_record(request)};
    outcome.record.status = Status::skipped;
    outcome.record.reason = fmt::format("system calls can't be counted: {}; {}", refusal, error.what());
    return outcome;
  }
}

}  // namespace

LaunchOutcome launch(const LaunchRequest& request, RunDir& run_dir) {
  if (traffic_of(request.spec.scenario) == Traffic::none) return launch_setup(request, run_dir);
  if (has_cast(request.spec)) return launch_cast(request, run_dir);
  return request.counts_calls ? launch_counting(request, run_dir) : launch_pair(request, run_dir, nullptr);
}

}  // namespace ipcbench
