#include "harness/launch/start_worker.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <utility>

#include "harness/base/error.h"
#include "harness/launch/worker.h"
#include "harness/process/handed_over.h"

namespace ipcbench {
namespace {

[[noreturn]] void execute_program(const HandedOver& handed_over, int orders_end) {
  handed_over.take_over(orders_end);
  std::string name = "ipcbench", command(kWorkerCommand);
  const std::array<char*, 3> arguments{name.data(), command.data(), nullptr};
  ::execv(kOwnProgram, arguments.data());
  throw_errno("execv {}", kOwnProgram);
}

// A worker that has died before it read its orders is noticed by whoever waits for it.
void send_orders(int fd, std::string_view line) noexcept {
  while (!line.empty()) {
    const ssize_t sent = ::send(fd, line.data(), line.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) return;
    if (sent > 0) line.remove_prefix(static_cast<std::size_t>(sent));
  }
}

Child execute_worker(const WorkerOrders& orders, std::vector<Ticket>& tickets, WorkerLinks links) {
  HandedOver handed_over;
  for (Ticket& ticket : tickets) {
    for (auto& [name, descriptor] : ticket.descriptors) handed_over.add(descriptor);
  }
  handed_over.add_copy(links.memory_fd);
  handed_over.add_copy(links.told);
  handed_over.add_copy(links.socket);
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) throw_errno("socketpair");
  UniqueFd near(ends[0]), far(ends[1]);
  const std::string line = orders_line(orders, tickets, links);
  Child child = Child::spawn(process_name(orders.seat.role), [&]() -> int {
    try {
      execute_program(handed_over, far.get());
    } catch (const std::exception& error) {
      report_failure(orders, links, error.what());
      return 1;
    }
  });
  far.reset();
  send_orders(near.get(), line);
  return child;
}

}  // namespace

Child start_worker(Workers workers, const WorkerOrders& orders, WorkerTickets& tickets, std::size_t place,
                   const WorkerLinks& links) {
  if (workers == Workers::exec) return execute_worker(orders, tickets[place], links);
  return Child::spawn(process_name(orders.seat.role), [&] {
    if (links.coordinators >= 0) ::close(links.coordinators);
    std::vector<Ticket> own = std::move(tickets[place]);
    tickets.clear();
    return do_task(orders, std::move(own), links);
  });
}

}  // namespace ipcbench
