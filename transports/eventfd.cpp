// An event counter, eventfd(2), carries notifications only. A channel has one for each direction.

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

#include "harness/base/error.h"
#include "harness/sdk/fd_wait.h"
#include "harness/sdk/simple_transport.h"
#include "scenarios/bind_fd.h"

namespace ipcbench {
namespace {

template <class Wait>
class EventfdEndpoint {
 public:
  EventfdEndpoint(UniqueFd in, UniqueFd out)
      : in_(std::move(in)), out_(std::move(out)), readable_(in_.get(), EPOLLIN), writable_(out_.get(), EPOLLOUT) {
    set_blocking_for(in_.get(), Wait::kStrategy);
    set_blocking_for(out_.get(), Wait::kStrategy);
  }

  IoStatus notify() noexcept {
    const std::uint64_t one = 1;
    return retry(writable_, [&]() noexcept { return ::write(out_.get(), &one, sizeof one); });
  }
  Awaited await() noexcept {
    std::uint64_t count = 0;  // all notifications since the last read
    const IoStatus status = retry(readable_, [&]() noexcept { return ::read(in_.get(), &count, sizeof count); });
    return {status, count};
  }
  int watched() const noexcept { return in_.get(); }

 private:
  template <class Call>
  static IoStatus retry(Wait& wait, Call call) noexcept {
    while (true) {
      wait.before();
      if (call() == sizeof(std::uint64_t)) [[likely]]
        return IoStatus::ok;
      if (errno == EAGAIN) {
        wait.again();
      } else if (errno != EINTR) {
        return IoStatus::failed;
      }
    }
  }

  UniqueFd in_;
  UniqueFd out_;
  [[no_unique_address]] Wait readable_;
  [[no_unique_address]] Wait writable_;
};

class EventfdSession final : public Session {
 public:
  explicit EventfdSession(const SessionConfig& config) : is_pair_(config.pattern.is_pair()) {}

  Ticket ticket(Seat seat) override {
    const bool produces = seat.role == Role::producer;
    return Ticket{}
        .with("in", copy_of(produces && is_pair_ ? backward_ : forward_))
        .with("out", copy_of(produces || !is_pair_ ? forward_ : backward_));
  }
  void attached() noexcept override {
    forward_.reset();
    backward_.reset();
  }

 private:
  static UniqueFd create() {
    UniqueFd fd(::eventfd(0, EFD_CLOEXEC));
    if (!fd) throw_errno("eventfd");
    return fd;
  }

  bool is_pair_;
  UniqueFd forward_ = create();  // producers to consumers
  UniqueFd backward_ = create();
};

class EventfdTransport final : public SimpleTransport<EventfdSession> {
 public:
  EventfdTransport()
      : SimpleTransport({.name = "eventfd",
                         .family = "semaphore",
                         .row = "semaphore",
                         .summary = "event counter, one for each direction; carries nothing",
                         .man = "eventfd(2)",
                         .capabilities = {.shape = Shape::notify,
                                          .direction = Direction::two_way,
                                          .min_message = 0,
                                          .max_message = 0,
                                          .carries_payload = false,
                                          .many_to_many = true,
                                          .many_senders = true,
                                          .many_receivers = true,
                                          .descriptors = 6,
                                          .related_only = true,
                                          .pollable = true},
                         .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll}}) {}

  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    return bind_fd_endpoint<EventfdEndpoint>(config.wait, ticket.take("in"), ticket.take("out"));
  }
};

}  // namespace

const Transport& transport_eventfd() { return the_only<EventfdTransport>(); }

}  // namespace ipcbench
