#include "harness/launch/worker.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "harness/base/fixed_text.h"
#include "harness/launch/cast_side.h"
#include "harness/launch/channel_side.h"
#include "harness/launch/measure_side.h"
#include "harness/launch/setup_side.h"
#include "harness/memory/memfd.h"
#include "harness/plugin/plugins.h"
#include "harness/process/child.h"
#include "harness/process/handed_over.h"
#include "harness/sdk/injection.h"
#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

constexpr std::size_t kMostOrders = std::size_t{64} << 20;  // bytes

ControlBlock* control_block(const WorkerLinks& links) noexcept { return reinterpret_cast<ControlBlock*>(links.memory); }
CastBlock* cast_block(const WorkerLinks& links) noexcept { return reinterpret_cast<CastBlock*>(links.memory); }
SetupBoard* setup_board(const WorkerLinks& links) noexcept { return reinterpret_cast<SetupBoard*>(links.memory); }

// Returns the line on kOrdersFd without its end; nullopt if there is none.
std::optional<std::string> read_orders() {
  const UniqueFd socket(kOrdersFd);
  if (::fcntl(kOrdersFd, F_SETFD, FD_CLOEXEC) != 0) return std::nullopt;
  std::string line;
  std::array<char, 4096> part;
  while (line.size() <= kMostOrders) {
    const ssize_t got = ::recv(kOrdersFd, part.data(), part.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    line.append(part.data(), static_cast<std::size_t>(got));
    if (line.back() != '\n') continue;
    line.pop_back();
    return line;
  }
  return std::nullopt;
}

// What Child::spawn() has set up, the execution has kept, but for the name; a program with capabilities of its own
// loses the death signal, too.
void stay_a_child(const ReceivedOrders& received) {
  ::prctl(PR_SET_NAME, process_name(received.orders.seat.role));
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != received.parent) leave_child(70);
}

int run_received(ReceivedOrders received) {
  stay_a_child(received);
  if (!received.orders.library.empty()) add_plugin_of_worker(received.orders.library);
  const Mapping memory = Memfd::open(received.memory);
  const WorkerLinks links{.memory = memory.data(), .told = received.told.get(), .socket = received.socket.get()};
#if defined(IPCBENCH_INJECTION)
  inject_into(received.orders.transport, received.orders.clock);
#endif
  return do_task(received.orders, std::move(received.tickets), links);
}

}  // namespace

int do_task(const WorkerOrders& orders, std::vector<Ticket> tickets, const WorkerLinks& links) noexcept {
  const Transport* transport = find_transport(orders.transport);
  if (transport == nullptr) {
    report_failure(orders, links, "the worker's program has no such transport");
    return 1;
  }
  switch (orders.task) {
    case WorkerTask::measure:
      return measure_side(orders, *transport, std::move(tickets.front()), *control_block(links), links);
    case WorkerTask::set_up:
      return set_up_side(orders, *transport, std::move(tickets.front()), *setup_board(links), links.told);
    case WorkerTask::hold_channels:
      return hold_channels(orders, *transport, std::move(tickets), links);
    case WorkerTask::take_seat:
      return take_seat(orders, *transport, std::move(tickets), *cast_block(links), links);
  }
  return 1;
}

void report_failure(const WorkerOrders& orders, const WorkerLinks& links, std::string_view text) noexcept {
  switch (orders.task) {
    case WorkerTask::measure:
      return report_unmeasured(control_block(links)->log.side(orders.seat.role), text);
    case WorkerTask::set_up:
      return report_unmeasured(setup_board(links)->logs[static_cast<std::size_t>(orders.seat.role)], text);
    case WorkerTask::hold_channels:
      return report_no_channels(links, text);
    case WorkerTask::take_seat:
      return report_unmeasured(cast_block(links)->log(cast_of(orders.spec).pattern, orders.seat).side, text);
  }
}

bool is_worker_program(int argc, char** argv) noexcept { return argc == 2 && kWorkerCommand == argv[1]; }

void run_worker_program() {
  try {
    const std::optional<std::string> line = read_orders();
    if (!line) throw std::runtime_error("descriptor 3 has no orders; a coordinator starts workers");
    leave_child(run_received(parse_orders(*line)));
  } catch (const std::exception& error) {
    fmt::print(stderr, "ipcbench: worker: {}\n", error.what());
    leave_child(2);
  }
}

}  // namespace ipcbench
