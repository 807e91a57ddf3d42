#include "tests/conformance/worker_pair.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <ctime>
#include <new>
#include <utility>

#include "harness/base/error.h"
#include "harness/launch/launch_request.h"
#include "harness/launch/measure_side.h"
#include "harness/memory/futex.h"
#include "tests/support/test_workers.h"

namespace ipcbench {
namespace {

constexpr int kWatchdogMs = 60'000;

// A transport whose workers call a function once they have opened their side.
class HookedTransport final : public Transport {
 public:
  HookedTransport(const Transport& transport, void (*joined)()) : transport_(transport), joined_(joined) {}

  const TransportInfo& info() const noexcept override { return transport_.info(); }
  Availability probe() const override { return transport_.probe(); }
  std::unique_ptr<Session> create(const SessionConfig& config) const override { return transport_.create(config); }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    std::unique_ptr<Endpoint> endpoint = transport_.join(std::move(ticket), config);
    joined_();
    return endpoint;
  }

 private:
  const Transport& transport_;
  void (*joined_)();
};

// Forks a worker with a hook, which no program could be executed with.
Child start_hooked(const HookedTransport& transport, const WorkerOrders& orders, WorkerTickets& tickets,
                   const WorkerLinks& links) {
  return Child::spawn("ipcbench-pair", [&] {
    ::close(links.coordinators);
    auto& block = *reinterpret_cast<ControlBlock*>(links.memory);
    return measure_side(orders, transport, take_own(tickets, orders.seat.role), block, links);
  });
}

SessionConfig config_for(const Subject& subject, std::size_t size, RunDir& run_dir) {
  return {.run_dir = run_dir,
          .wait = subject.wait,
          .message_size = size,
          .options = subject.options(),
          .hybrid_spin = std::chrono::microseconds(50)};
}

}  // namespace

LoopSpec loop_spec(const Subject& subject, Scenario scenario, std::size_t size, std::uint64_t ops) {
  return {.scenario = scenario,
          .payload = PayloadMode::full,
          .merges = subject.can().when_full == WhenFull::merges,
          .seed = 1,
          .message_size = subject.can().carries_payload ? size : 0,
          .block_ops = ops,
          .clock = {}};
}

WorkerPair::WorkerPair(const Subject& subject, const LoopSpec& spec, PairHooks hooks)
    : block_(*new(memory_.data()) ControlBlock),  // trivial: keeps the mapping's zeros
      ready_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      session_(subject.transport().create(config_for(subject, spec.message_size, run_dir_))) {
  if (!ready_) throw_errno("eventfd");
  hooks.created();
  WorkerTickets tickets = tickets_of(*session_);
  const WorkerLinks links{.memory = memory_.data(),
                          .memory_fd = memory_.descriptor(),
                          .told = ready_.get(),
                          .coordinators = run_dir_.lock_fd()};
  for (const Role role : {Role::producer, Role::consumer}) {
    const WorkerOrders orders{.transport = std::string(subject.entry->name),
                              .seat = {.role = role},
                              .wait = subject.wait,
                              .message_size = spec.message_size,
                              .options = subject.options(),
                              .hybrid_spin = std::chrono::microseconds(50),
                              .spec = spec};
    worker(role) = hooks.joined == nullptr
                       ? start_worker(test_workers(), orders, tickets, links)
                       : start_hooked(HookedTransport(subject.transport(), hooks.joined), orders, tickets, links);
    run_dir_.note_process(worker(role).pid());
  }
}

bool WorkerPair::start() {
  for (eventfd_t ready = 0; ready < 2;) {
    std::array<pollfd, 3> fds{{{.fd = workers_[0].pidfd(), .events = POLLIN, .revents = 0},
                               {.fd = workers_[1].pidfd(), .events = POLLIN, .revents = 0},
                               {.fd = ready_.get(), .events = POLLIN, .revents = 0}}};
    if (::poll(fds.data(), fds.size(), kWatchdogMs) == 0 || (fds[0].revents | fds[1].revents) != 0) return false;
    eventfd_t more = 0;
    if (::eventfd_read(ready_.get(), &more) == 0) ready += more;
  }
  session_->attached();
  std::atomic_ref(block_.gate).store(1, std::memory_order_release);
  futex_wake(&block_.gate);
  return true;
}

bool WorkerPair::under_way(Role role) {
  constexpr timespec kNap{.tv_sec = 0, .tv_nsec = 1'000'000};
  std::uint64_t& progress = block_.log.side(role).progress;
  while (std::atomic_ref(progress).load(std::memory_order_relaxed) == 0) {
    if (worker(role).poll()) return false;
    ::nanosleep(&kNap, nullptr);
  }
  return true;
}

std::optional<ExitStatus> WorkerPair::end_of(Role role) {
  Child& child = worker(role);
  if (!child.running()) return child.wait();
  pollfd fd{.fd = child.pidfd(), .events = POLLIN, .revents = 0};
  if (::poll(&fd, 1, kWatchdogMs) <= 0) return std::nullopt;
  return child.wait();
}

}  // namespace ipcbench
