// Standard signals, signal(7), sent by kill(2), notify the peer: SIGUSR1 the consumer, SIGUSR2 the producer. A signal
// carries only its number; more of the same merge with it while it is pending.

#include <atomic>
#include <cstdint>

#include "harness/sdk/simple_transport.h"
#include "scenarios/bind.h"
#include "transports/parts/signals.h"

namespace ipcbench {
namespace {

// The count is the process's, as is the handler: a process has one for each signal.
std::atomic<std::uint64_t> handled = 0;
static_assert(decltype(handled)::is_always_lock_free);  // else a handler may not touch it

void count_signal(int) noexcept {
  // Nobody else writes: the process stands still while the handler runs.
  handled.store(handled.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

// HandlerEndpoint blocks the signal except while its process sleeps. The handler therefore can't run between a look at
// the count and the sleep.
class HandlerEndpoint {
 public:
  HandlerEndpoint(SignalPeer peer, int signal) : peer_(peer) {
    struct sigaction action {};
    action.sa_handler = count_signal;
    if (::sigaction(signal, &action, nullptr) != 0) throw_errno("sigaction of signal {}", signal);
    if (::sigprocmask(SIG_BLOCK, nullptr, &while_asleep_) != 0) throw_errno("sigprocmask");
    sigdelset(&while_asleep_, signal);
  }

  IoStatus notify() noexcept { return peer_.notify(); }
  Awaited await() noexcept {
    std::uint64_t now = 0;
    // sigsuspend() returns for any other signal, too.
    while ((now = handled.load(std::memory_order_relaxed)) == seen_) ::sigsuspend(&while_asleep_);
    const std::uint64_t count = now - seen_;
    seen_ = now;
    return {IoStatus::ok, count};
  }

 private:
  SignalPeer peer_;
  sigset_t while_asleep_{};
  std::uint64_t seen_ = 0;
};

class SigwaitEndpoint {
 public:
  SigwaitEndpoint(SignalPeer peer, const sigset_t& signals) noexcept : peer_(peer), signals_(signals) {}

  IoStatus notify() noexcept { return peer_.notify(); }
  Awaited await() noexcept {
    while (::sigwaitinfo(&signals_, nullptr) < 0) {
      if (errno != EINTR) return {IoStatus::failed, 0};
    }
    return {IoStatus::ok, 1};
  }

 private:
  SignalPeer peer_;
  sigset_t signals_;
};

class SignalTransport final : public SimpleTransport<SignalSession> {
 public:
  SignalTransport()
      : SimpleTransport({.name = "signal",
                         .family = "signal",
                         .row = "signal",
                         .summary = "standard signal, SIGUSR1 and SIGUSR2; carries nothing",
                         .man = "signal(7)",
                         .capabilities = {.shape = Shape::notify,
                                          .direction = Direction::one_way,
                                          .rendezvous = FoundBy::pid,
                                          .min_message = 0,
                                          .max_message = 0,
                                          .carries_payload = false,
                                          .self_synchronising = false,
                                          .many_senders = true,
                                          .access_control = true,
                                          .when_full = WhenFull::merges},
                         .waits = {WaitStrategy::block},
                         .options = {{.name = "receive",
                                      .default_value = "handler",
                                      .values = {"handler", "sigwaitinfo"},
                                      .summary = "a handler that runs in sigsuspend, or sigwaitinfo"}}}) {}

  std::unique_ptr<Endpoint> join(Ticket, const SeatConfig& config) const override {
    const int signal = notifying_signal(config.seat.role);
    const sigset_t signals = block_signals(signal_set({signal}));
    const SignalPeer peer(exchange_ids(config), other(config.seat.role));
    if (config.option("receive") == "handler") return bind_endpoint<HandlerEndpoint>(peer, signal);
    return bind_endpoint<SigwaitEndpoint>(peer, signals);
  }
};

}  // namespace

const Transport& transport_signal() { return the_only<SignalTransport>(); }

}  // namespace ipcbench
