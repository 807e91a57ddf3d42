// Standard signals, sent as `signal` sends them, are received by reading a descriptor, signalfd(2).

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "harness/sdk/fd_wait.h"
#include "harness/sdk/simple_transport.h"
#include "scenarios/bind_fd.h"
#include "transports/parts/signals.h"

namespace ipcbench {
namespace {

template <class Wait>
class SignalfdEndpoint {
 public:
  SignalfdEndpoint(UniqueFd in, SignalPeer peer) : in_(std::move(in)), peer_(peer), readable_(in_.get(), EPOLLIN) {
    set_blocking_for(in_.get(), Wait::kStrategy);
  }

  IoStatus notify() noexcept { return peer_.notify(); }
  Awaited await() noexcept {
    signalfd_siginfo received;
    while (true) {
      readable_.before();
      if (::read(in_.get(), &received, sizeof received) == sizeof received) [[likely]]
        return {IoStatus::ok, 1};
      if (errno == EAGAIN) {
        readable_.again();
      } else if (errno != EINTR) {
        return {IoStatus::failed, 0};
      }
    }
  }

 private:
  UniqueFd in_;
  SignalPeer peer_;
  [[no_unique_address]] Wait readable_;
};

class SignalfdTransport final : public SimpleTransport<SignalSession> {
 public:
  SignalfdTransport()
      : SimpleTransport({.name = "signalfd",
                         .family = "signal",
                         .row = "signal",
                         .summary = "standard signal, read from a descriptor; carries nothing",
                         .man = "signalfd(2)",
                         .capabilities = {.shape = Shape::notify,
                                          .direction = Direction::one_way,
                                          .rendezvous = FoundBy::pid,
                                          .min_message = 0,
                                          .max_message = 0,
                                          .carries_payload = false,
                                          .self_synchronising = false,
                                          .many_senders = true,
                                          .access_control = true,
                                          .pollable = true,
                                          .when_full = WhenFull::merges},
                         .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll}}) {}

  // Makes the descriptor in the worker. It delivers the signals of the process that reads it, but epoll would report
  // those of the process that made it.
  std::unique_ptr<Endpoint> join(Ticket, const SeatConfig& config) const override {
    const sigset_t signals = block_signals(signal_set({notifying_signal(config.seat.role)}));
    UniqueFd in(::signalfd(-1, &signals, SFD_CLOEXEC));
    if (!in) throw_errno("signalfd");
    const SignalPeer peer(exchange_ids(config), other(config.seat.role));
    return bind_fd_endpoint<SignalfdEndpoint>(config.wait, std::move(in), peer);
  }
};

}  // namespace

const Transport& transport_signalfd() { return the_only<SignalfdTransport>(); }

}  // namespace ipcbench
