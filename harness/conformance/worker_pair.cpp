#include "harness/conformance/worker_pair.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/launch/launch_request.h"
#include "harness/launch/measure_side.h"
#include "harness/launch/side_failure.h"
#include "harness/launch/workers_end.h"
#include "harness/memory/futex.h"

namespace ipcbench {
namespace {

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
    Ticket own = std::move(tickets[static_cast<std::size_t>(orders.seat.role)].front());
    tickets.clear();
    return measure_side(orders, transport, std::move(own), block, links);
  });
}

SessionConfig config_for(const Subject& subject, std::size_t size, RunDir& run_dir) {
  return {.run_dir = run_dir,
          .wait = subject.wait,
          .message_size = size,
          .options = subject.options(),
          .hybrid_spin = std::chrono::microseconds(50)};
}

int milliseconds_of(std::chrono::seconds time) { return static_cast<int>(std::chrono::milliseconds(time).count()); }

}  // namespace

LoopSpec loop_spec(const Subject& subject, Scenario scenario, std::size_t size, std::uint64_t ops) {
  return {.scenario = scenario,
          .payload = subject.payload(),
          .merges = subject.can().when_full == WhenFull::merges,
          .seed = 1,
          .message_size = subject.can().carries_payload ? size : 0,
          .block_ops = ops,
          .clock = {}};
}

WorkerPair::WorkerPair(const Trial& trial, const LoopSpec& spec, PairHooks hooks)
    : watchdog_ms_(milliseconds_of(trial.settings().deadline)),
      message_size_(spec.message_size),
      memory_(sizeof(ControlBlock), trial.settings().workers),
      block_(*new(memory_.data()) ControlBlock),  // trivial: keeps the mapping's zeros
      ready_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      session_(trial.subject().transport().create(config_for(trial.subject(), spec.message_size, run_dir_))) {
  if (!ready_) throw_errno("eventfd");
  hooks.created(run_dir_);
  const Subject& subject = trial.subject();
  WorkerTickets tickets = tickets_of(*session_);
  const WorkerLinks links{.memory = memory_.data(),
                          .memory_fd = memory_.descriptor(),
                          .told = ready_.get(),
                          .coordinators = run_dir_.lock_fd()};
  for (const Role role : {Role::producer, Role::consumer}) {
    const WorkerOrders orders{.transport = std::string(subject.entry->name),
                              .library = std::string(subject.has_own_workers() ? subject.info().foreign.library : ""),
                              .seat = {.role = role},
                              .wait = subject.wait,
                              .message_size = spec.message_size,
                              .options = subject.options(),
                              .hybrid_spin = std::chrono::microseconds(50),
                              .spec = spec};
    worker(role) = hooks.joined == nullptr
                       ? start_worker(trial.settings().workers, orders, tickets, links)
                       : start_hooked(HookedTransport(subject.transport(), hooks.joined), orders, tickets, links);
    run_dir_.note_process(worker(role).pid());
  }
}

void WorkerPair::fail(Role role, const std::string& what) {
  const std::string why = describe_failure(side(role), message_size_);
  throw CheckFailed(fmt::format("the {} {} after {} messages{}{}", to_string(role), what, side(role).progress,
                                why.empty() ? "" : ": ", why));
}

void WorkerPair::fail_by_cause(const char* when) {
  const WorkersEnd end = end_of_pair(workers_, {&side(Role::producer), &side(Role::consumer)});
  const WorkerEnd* const cause = cause_of(end);
  if (cause == nullptr || !cause->exit) throw CheckFailed(fmt::format("a side has ended{}", when));
  fail(cause == &end.workers.front() ? Role::producer : Role::consumer, describe(*cause->exit) + when);
}

void WorkerPair::start() {
  for (eventfd_t ready = 0; ready < 2;) {
    const std::optional<std::size_t> told =
        first_readable({workers_[0].pidfd(), workers_[1].pidfd(), ready_.get()}, watchdog_end());
    if (!told) throw CheckFailed(fmt::format("both sides are not open after {} ms", watchdog_ms_));
    if (*told < 2) fail_by_cause(" before both sides were open,");
    eventfd_t more = 0;
    if (::eventfd_read(ready_.get(), &more) == 0) ready += more;
  }
  session_->attached();
  std::atomic_ref(block_.gate).store(1, std::memory_order_release);
  futex_wake(&block_.gate);
}

void WorkerPair::wait_until_under_way(Role role) {
  constexpr timespec kNap{.tv_sec = 0, .tv_nsec = 1'000'000};
  std::uint64_t& progress = block_.log.side(role).progress;
  const Deadline deadline = watchdog_end();
  while (std::atomic_ref(progress).load(std::memory_order_relaxed) == 0) {
    if (worker(role).poll()) fail_by_cause(" before it was under way,");
    if (std::chrono::steady_clock::now() > deadline) fail(role, "stands still");
    ::nanosleep(&kNap, nullptr);
  }
}

bool WorkerPair::hangs(Role role) {
  return worker(role).running() && !first_readable({worker(role).pidfd()}, watchdog_end());
}

ExitStatus WorkerPair::wait_for_end(Role role) {
  if (hangs(role)) fail(role, "hangs");
  return worker(role).wait();
}

void WorkerPair::finish() {
  bool all_clean = true;
  for (const Role role : {Role::producer, Role::consumer}) {
    if (hangs(role)) {
      // It may wait for a peer that has died.
      const std::optional<ExitStatus> peer = worker(other(role)).poll();
      if (peer && !peer->clean()) fail(other(role), describe(*peer));
      fail(role, "hangs");
    }
    all_clean = worker(role).wait().clean() && all_clean;
  }
  if (!all_clean) fail_by_cause("");
}

}  // namespace ipcbench
