#include "harness/launch/cast_side.h"

#include <sys/eventfd.h>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/error.h"
#include "harness/host/tracer.h"
#include "harness/launch/side_parts.h"
#include "harness/process/affinity.h"
#include "scenarios/casts/seat_loop.h"
#include "scenarios/casts/seat_schedule.h"

namespace ipcbench {
namespace {

// Returns the seats that all sessions before each session have.
std::vector<std::size_t> seats_before(const std::vector<Pattern>& sessions) {
  std::vector<std::size_t> before{0};
  for (const Pattern& session : sessions) before.push_back(before.back() + session.seats());
  return before;
}

class SeatWorker {
 public:
  SeatWorker(const WorkerOrders& orders, const Transport& transport, CastBlock& block)
      : orders_(orders),
        transport_(transport),
        block_(block),
        cast_(cast_of(orders.spec)),
        log_(block.log(cast_.pattern, orders.seat)),
        side_(log_.side) {}

  SideLog& side() noexcept { return side_; }

  void work(std::vector<Ticket> tickets, const WorkerLinks& links) {
    enter_phase(side_, Phase::pinning);
    if (orders_.cpu >= 0) pin_to(Cpu{orders_.cpu});
    prefault(&log_, sizeof log_);
    prefault(&block_, sizeof block_);

    enter_phase(side_, Phase::opening);
    join(std::move(tickets));
    enter_phase(side_, Phase::ready);
    if (::eventfd_write(links.told, 1) != 0) throw_errno("write to the ready eventfd");
    wait_at_gate(block_.gate);

    canary(0, Phase::canary_before);
    run();
    if (side_.failure != Failure::none) return;
    canary(1, Phase::canary_after);
    if (orders_.spec.pilot_ns == 0 && orders_.cpu >= 0 && !stayed(side_, orders_.cpu))
      return record_failure(side_, Failure::left_cpu, 0, "");
    if (const std::string why = why_traced(); !why.empty()) return record_failure(side_, Failure::traced, 0, why);
    enter_phase(side_, Phase::done);
    for (const std::unique_ptr<Endpoint>& endpoint : endpoints_) {
      if (const std::string fault = endpoint->end(); !fault.empty())
        return record_failure(side_, Failure::exception, 0, fault);
    }
  }

 private:
  // Opens all sides in the order of their sessions, which is the same for all seats: where opening one waits for the
  // peer, none waits in a circle.
  void join(std::vector<Ticket> tickets) {
    const std::vector<Pattern> sessions = sessions_of(cast_);
    const std::vector<std::size_t> before = seats_before(sessions);
    const std::vector<Link> links = links_of(cast_, orders_.seat);
    for (std::size_t i = 0; i < links.size(); ++i) {
      const Pattern& session = sessions[links[i].session];
      const Rendezvous rendezvous(block_.cells(cast_.pattern, before[links[i].session]), session.producers);
      SeatConfig config = seat_config(orders_, rendezvous);
      config.seat = links[i].seat;
      config.pattern = session;
      // Who waits in epoll for several channels has waited when it reads.
      const bool has_mux = links.size() > 1 || cast_.mux;
      if (has_mux && config.wait == WaitStrategy::poll) config.wait = WaitStrategy::block;
      endpoints_.push_back(transport_.join(std::move(tickets[i]), config));
      channels_.push_back(endpoints_.back()->channel(config.seat.role, orders_.spec));
    }
    // Of many channels the last is the one that a limit has made smaller.
    const Endpoint& shown = cast_.channels != 0 ? *endpoints_.back() : *endpoints_.front();
    if (orders_.seat.index == 0) block_.buffers[static_cast<std::size_t>(orders_.seat.role)] = shown.buffers();
  }

  void run() {
    CastSeat seat{.seat = orders_.seat, .cast = cast_, .spec = orders_.spec, .channels = channels_};
    std::optional<SeatSchedule> schedule;
    if (has_stamps(orders_.spec)) {
      const std::size_t seats = seats_before(sessions_of(cast_)).back();
      schedule.emplace(seat, block_.stamps(cast_.pattern, seats, whole_ops(cast_, orders_.spec.block_ops)), log_);
      seat.schedule = &*schedule;
    }
    run_seat(seat, block_.board, log_);
  }

  void canary(std::size_t which, Phase phase) noexcept {
    if (!orders_.canary) return;
    enter_phase(side_, phase);
    // Of seats that take a lock one answers, as a consumer does.
    const bool answers = cast_.pattern.is_lock() && orders_.seat.index != 0;
    const Role role = answers ? Role::consumer : orders_.seat.role;
    const CanaryResult result = run_canary(block_.canary_lines[which], role, orders_.clock, kLaunchCanaryNs);
    if (role == Role::producer) block_.canary_ns[which] = result.rtt_ns;
  }

  const WorkerOrders& orders_;
  const Transport& transport_;
  CastBlock& block_;
  Cast cast_;
  SeatLog& log_;
  SideLog& side_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
  std::vector<Channel> channels_;
};

}  // namespace

int take_seat(const WorkerOrders& orders, const Transport& transport, std::vector<Ticket> tickets, CastBlock& block,
              const WorkerLinks& links) noexcept {
  SeatWorker worker(orders, transport, block);
  try {
    worker.work(std::move(tickets), links);
  } catch (const std::exception& error) {
    record_failure(worker.side(), error);
  }
  return worker.side().failure == Failure::none ? 0 : 1;
}

}  // namespace ipcbench
