#include "harness/launch/measure_side.h"

#include <sys/eventfd.h>

#include <exception>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/error.h"
#include "harness/host/tracer.h"
#include "harness/launch/side_parts.h"
#include "harness/process/affinity.h"
#include "harness/process/call_listener.h"

namespace ipcbench {
namespace {

void work(const WorkerOrders& orders, const Transport& transport, Ticket ticket, ControlBlock& block,
          const WorkerLinks& links) {
  const Role role = orders.seat.role;
  SideLog& side = block.log.side(role);

  enter_phase(side, Phase::pinning);
  if (orders.cpu >= 0) pin_to(Cpu{orders.cpu});
  prefault(&block, sizeof block);

  enter_phase(side, Phase::opening);
  const std::unique_ptr<Endpoint> endpoint = transport.join(std::move(ticket), seat_config(orders, block.rendezvous));
  block.buffers[static_cast<std::size_t>(role)] = endpoint->buffers();
  enter_phase(side, Phase::ready);
  if (::eventfd_write(links.told, 1) != 0) throw_errno("write to the ready eventfd");
  if (links.socket >= 0) submit_calls(links.socket, static_cast<std::size_t>(role));
  wait_at_gate(block.gate);

  const auto canary = [&](std::size_t which, Phase phase) noexcept {
    if (!orders.canary) return;
    enter_phase(side, phase);
    const CanaryResult result = run_canary(block.canary_lines[which], role, orders.spec.clock, kLaunchCanaryNs);
    if (role == Role::producer) block.canary_ns[which] = result.rtt_ns;
  };
  canary(0, Phase::canary_before);
  endpoint->run(role, orders.spec, block.log);
  if (side.failure != Failure::none) return;
  canary(1, Phase::canary_after);
  const bool times = orders.spec.pilot_ns == 0 && !orders.spec.counts_calls;
  if (times && orders.cpu >= 0 && !stayed(side, orders.cpu)) {
    return record_failure(side, Failure::left_cpu, 0, "");
  }
  if (!orders.spec.counts_calls) {
    if (const std::string why = why_traced(); !why.empty())
      return record_failure(side, Failure::traced, 0, why.c_str());
  }
  enter_phase(side, Phase::done);
  if (const std::string fault = endpoint->end(); !fault.empty()) record_failure(side, Failure::exception, 0, fault);
}

}  // namespace

int measure_side(const WorkerOrders& orders, const Transport& transport, Ticket ticket, ControlBlock& block,
                 const WorkerLinks& links) noexcept {
  SideLog& side = block.log.side(orders.seat.role);
  try {
    work(orders, transport, std::move(ticket), block, links);
  } catch (const std::exception& error) {
    record_failure(side, error);
  }
  return side.failure == Failure::none ? 0 : 1;
}

void report_unmeasured(SideLog& side, std::string_view text) noexcept {
  record_failure(side, Failure::exception, 0, text);
}

}  // namespace ipcbench
