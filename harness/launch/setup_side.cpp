#include "harness/launch/setup_side.h"

#include <sys/eventfd.h>

#include <atomic>
#include <exception>
#include <memory>
#include <utility>

#include "harness/launch/side_parts.h"
#include "harness/memory/futex.h"
#include "harness/process/affinity.h"

namespace ipcbench {
namespace {

void wait_for_gate(SetupBoard& board, SetupGate wanted) noexcept {
  while (true) {
    const std::uint32_t gate = std::atomic_ref(board.gate).load(std::memory_order_acquire);
    if (gate >= static_cast<std::uint32_t>(wanted)) return;
    futex_wait(&board.gate, gate);
  }
}

// Only the second worker wakes the maker, which may be on the same CPU.
void arrive(SetupBoard& board, SetupGate gate, int told) noexcept {
  if (std::atomic_ref(board.arrived).fetch_add(1) % 2 == 1) ::eventfd_write(told, 1);
  wait_for_gate(board, gate);
}

void open_and_close(const WorkerOrders& orders, const Transport& transport, Ticket ticket, SetupBoard& board,
                    int told) {
  if (orders.cpu >= 0) pin_to(Cpu{orders.cpu});
  const auto side = static_cast<std::size_t>(orders.seat.role);
  SetupTimes& times = board.sides[side];
  times = {};  // a page that this process hasn't had yet
  const SeatConfig config = seat_config(orders, board.rendezvous);
  arrive(board, SetupGate::open, told);
  times.open_begin = orders.clock.begin();
  std::unique_ptr<Endpoint> endpoint = transport.join(std::move(ticket), config);
  times.open_end = orders.clock.end();
  if (!orders.is_timed) board.buffers[side] = endpoint->buffers();
  arrive(board, SetupGate::close, told);
  times.close_begin = orders.clock.begin();
  endpoint.reset();
  times.close_end = orders.clock.end();
  arrive(board, SetupGate::leave, told);  // an exit must not count as part of the other side's close
}

}  // namespace

void set_gate(SetupBoard& board, SetupGate gate) noexcept {
  std::atomic_ref(board.gate).store(static_cast<std::uint32_t>(gate), std::memory_order_release);
  futex_wake(&board.gate);
}

int set_up_side(const WorkerOrders& orders, const Transport& transport, Ticket ticket, SetupBoard& board,
                int told) noexcept {
  try {
    open_and_close(orders, transport, std::move(ticket), board, told);
  } catch (const std::exception& error) {
    record_failure(board.logs[static_cast<std::size_t>(orders.seat.role)], error);
    return 1;
  }
  return 0;
}

}  // namespace ipcbench
