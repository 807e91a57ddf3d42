#include "harness/launch/cast_launch.h"

#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/base/descriptor_limit.h"
#include "harness/floors/noise.h"
#include "harness/launch/cast_block.h"
#include "harness/launch/cast_record.h"
#include "harness/launch/launch_memory.h"
#include "harness/launch/launch_record.h"
#include "harness/launch/launch_workers.h"
#include "harness/launch/loop_spec.h"
#include "harness/launch/side_failure.h"
#include "harness/plan/launch_limits.h"
#include "harness/process/stop_signals.h"
#include "harness/sdk/injection.h"
#include "scenarios/casts/cast_seat.h"

namespace ipcbench {
namespace {

// CastSessions are the kernel objects of a cast.
class CastSessions {
 public:
  CastSessions(const LaunchRequest& request, const Cast& cast, RunDir& run_dir) {
    const Transport& transport = transport_of(request);
    for (const Pattern& pattern : sessions_of(cast)) {
      SessionConfig config = session_config(request, run_dir);
      config.pattern = pattern;
      config.common = &common_;
      sessions_.push_back(transport.create(config));
    }
  }

  WorkerTickets tickets(const Cast& cast) {
    WorkerTickets tickets;
    for (const Seat seat : seats_of(cast.pattern)) {
      std::vector<Ticket>& own = tickets.emplace_back();
      for (const Link& link : links_of(cast, seat)) own.push_back(sessions_[link.session]->ticket(link.seat));
    }
    return tickets;
  }
  void attached() noexcept {
    for (const auto& session : sessions_) session->attached();
  }
  pid_t broker() const noexcept { return sessions_.front()->broker(); }
  std::string broker_end() { return sessions_.front()->broker_end(); }
  SessionFault end() {
    SessionFault fault;
    for (const auto& session : sessions_) {
      SessionFault own = session->end();
      if (fault.text.empty()) fault = std::move(own);
    }
    return fault;
  }

 private:
  std::shared_ptr<void> common_;
  std::vector<std::unique_ptr<Session>> sessions_;
};

std::size_t seats_of_sessions(const Cast& cast) {
  std::size_t seats = 0;
  for (const Pattern& session : sessions_of(cast)) seats += session.seats();
  return seats;
}

// Returns the places of the two seats that run the canary; none if all are on one CPU, or on none.
std::vector<std::size_t> canary_places(const LaunchRequest& request, const Cast& cast) {
  const auto [producer, consumer] = request.cpus;
  if (producer == consumer) return {};
  const auto begin = request.seat_cpus.begin(), middle = begin + cast.pattern.producers, end = request.seat_cpus.end();
  // Of seats that take a lock the first one runs it, and another.
  const bool is_lock = cast.pattern.is_lock();
  const auto first = std::find(begin, middle, producer), second = std::find(is_lock ? begin : middle, end, consumer);
  if (first == middle || second == end) return {};
  return {static_cast<std::size_t>(first - begin), static_cast<std::size_t>(second - begin)};
}

// Starts all seats, lets them run, reaps them.
WorkersEnd run_seats(const LaunchRequest& request, const LoopSpec& spec, const Cast& cast, CastSessions& sessions,
                     WorkerTickets tickets, RunDir& run_dir, const LaunchMemory& memory) {
  auto& block = *reinterpret_cast<CastBlock*>(memory.data());
  LaunchWorkers workers(request.workers, memory, run_dir, request.deadline);
  const std::vector<Seat> seats = seats_of(cast.pattern);
  const std::vector<std::size_t> canaries = canary_places(request, cast);
  for (std::size_t place = 0; place < seats.size(); ++place) {
    const Seat seat = seats[place];
    WorkerOrders orders = orders_for(request, seat.role);
    orders.task = WorkerTask::take_seat;
    orders.seat = seat;
    orders.spec = spec;
    orders.cpu = request.seat_cpus.empty() ? -1 : request.seat_cpus[place];
    orders.canary = std::ranges::find(canaries, place) != canaries.end();
    workers.start(fmt::format("{} {}", to_string(seat.role), seat.index), block.log(cast.pattern, seat).side,
                  spec.message_size, orders, tickets);
  }
  tickets.clear();  // else a worker would never see the end of its peer's stream
  if (workers.until_ready()) {
    sessions.attached();
    workers.open_gate(block.gate);
    workers.until_over();
  }
  return workers.end();
}

std::vector<int> cpus_of(std::vector<int> cpus) {
  std::ranges::sort(cpus);
  cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
  std::erase(cpus, -1);
  return cpus;
}

}  // namespace

LaunchOutcome launch_cast(const LaunchRequest& request, RunDir& run_dir) {
  LoopSpec spec = loop_spec(request, transport_of(request).info().capabilities);
  const Cast cast = cast_of(spec);
  if (cast.channels != 0) allow_many_descriptors();
#if defined(IPCBENCH_INJECTION)
  inject_into(request.spec.transport, request.clock);
#endif
  LaunchOutcome outcome{.record = start_record(request)};
  const MemoryLimitWatch memory_limits;
  const std::size_t seats = seats_of_sessions(cast);
  const std::uint64_t stamped = has_stamps(spec) ? whole_ops(cast, spec.block_ops) : 0;
  const LaunchMemory memory(cast_block_size(cast.pattern, seats) + stamps_size(stamped), request.workers);
  auto& block = *new (memory.data()) CastBlock;  // trivial: keeps the mapping's zeros
  const std::vector<int> cpus = cpus_of(request.seat_cpus);
  const SystemCounters before = read_system_counters(cpus);
  std::optional<CastSessions> sessions;
  WorkerTickets tickets;
  try {
    sessions.emplace(request, cast, run_dir);
    tickets = sessions->tickets(cast);
  } catch (const std::runtime_error& error) {
    outcome.interrupted = stop_now();
    broke(outcome.record, Status::crashed, Phase::creating, error.what());
    return outcome;
  }
  spec.broker = sessions->broker();
  WorkersEnd end = run_seats(request, spec, cast, *sessions, std::move(tickets), run_dir, memory);
  if (!end.clean()) end.broker = sessions->broker_end();
  const SessionFault fault = sessions->end();
  sessions.reset();
  outcome.interrupted = stop_now();
  finish_record(request, spec, block, block.stamps(cast.pattern, seats, stamped), end, outcome.record);
  add_fault(fault, outcome.record);
  add_buffers(block.buffers, outcome.record);
  add_memory_limits(memory_limits.hit(), outcome.record.limits_met);
  add_environment(before, read_system_counters(cpus), outcome.record);
  if (spec.pilot_ns != 0 && outcome.record.status == Status::ok) {
    outcome.pilot_op_ns = static_cast<double>(spec.clock.to_ns(block.board.pilot_ticks)) /
                          static_cast<double>(std::max<std::uint64_t>(block.board.pilot_ops, 1));
  }
  return outcome;
}

}  // namespace ipcbench
