// Real-time signals, signal(7), are queued in order, each with a value of 8 bytes. sigqueue(3) sends them,
// sigwaitinfo(2) receives them. The queue makes nobody wait; it fails when the user's limit is reached. A side may
// therefore have `window` messages under way, and its peer returns credits for those it has taken, by a signal of
// another number. Messages differ by their signal's number: one can be asked for, and of several that wait the lowest
// comes first.

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "harness/sdk/simple_transport.h"
#include "scenarios/bind.h"
#include "transports/parts/signals.h"

namespace ipcbench {
namespace {

constexpr std::size_t kBytes = sizeof(sigval);
static_assert(kBytes == 8);
constexpr std::size_t kWindow = 64;  // messages under way in a direction, by default

// Plain messages are priority 0 and kind 0. More urgent ones have lower numbers; other kinds, and credits, have higher
// ones.
constexpr int kLevels = 8;  // of priorities, and of kinds
int plain_signal() noexcept { return SIGRTMIN + kLevels - 1; }
int credit_signal() noexcept { return plain_signal() + kLevels; }
sigset_t signals_between(int first, int last) noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (int signal = first; signal <= last; ++signal) sigaddset(&set, signal);
  return set;
}

// Takes the next signal of `set`, however long it takes to come. Returns false on failure; errno says why.
template <WaitStrategy kWait>
bool next_signal(const sigset_t& set, siginfo_t& info) noexcept {
  constexpr timespec kNow{};
  while (true) {
    const int got = kWait == WaitStrategy::block ? ::sigwaitinfo(&set, &info) : ::sigtimedwait(&set, &info, &kNow);
    if (got >= 0) [[likely]]
      return true;
    if (errno != EINTR && errno != EAGAIN) return false;
  }
}

// CountsByProcess has a count for each of the processes that a worker has to do with, 0 at first.
class CountsByProcess {
 public:
  std::size_t& of(pid_t process) noexcept {
    std::size_t at = static_cast<std::size_t>(process) % counts_.size();
    while (counts_[at].process != process && counts_[at].process != 0) at = (at + 1) % counts_.size();
    counts_[at].process = process;
    return counts_[at].count;
  }

 private:
  struct Count {
    pid_t process;
    std::size_t count;
  };
  std::array<Count, 2 * kMostSeats> counts_{};
};

// Messages that may still be sent to each peer. They are the process's, as its signals are: who waits for credits of
// one peer may get those of another.
CountsByProcess credits;

// The endpoint of a consumer with many senders returns credits to whoever has sent a message, and sends none itself.
template <WaitStrategy kWait>
class RtSignalEndpoint {
 public:
  RtSignalEndpoint(pid_t peer, std::size_t window) noexcept
      : peer_(peer), credits_(credits.of(peer)), batch_(std::max<std::size_t>(1, window / 2)) {
    credits_ += window;
  }
  RtSignalEndpoint(const RtSignalEndpoint&) = delete;
  RtSignalEndpoint& operator=(const RtSignalEndpoint&) = delete;
  ~RtSignalEndpoint() { credits_ = 0; }

  IoStatus send(ConstBytes message) noexcept { return send_as(0, message); }
  // `priority` and `kind` are below kLevels.
  IoStatus send_urgent(unsigned priority, ConstBytes message) noexcept {
    return send_by(plain_ - static_cast<int>(priority), message);
  }
  IoStatus send_as(unsigned kind, ConstBytes message) noexcept {
    return send_by(plain_ + static_cast<int>(kind), message);
  }

  Received receive(Bytes buffer) noexcept { return receive_of(messages_, buffer); }
  Received receive_as(unsigned kind, Bytes buffer) noexcept {
    return receive_of(signal_set({plain_ + static_cast<int>(kind)}), buffer);
  }

 private:
  IoStatus send_by(int signal, ConstBytes message) noexcept {
    if (message.size() != kBytes) [[unlikely]] {
      errno = EMSGSIZE;
      return IoStatus::failed;
    }
    while (credits_ == 0) [[unlikely]] {
      siginfo_t info;
      if (!next_signal<kWait>(credits_returned_, info)) return IoStatus::failed;
      credits.of(info.si_pid) += static_cast<std::size_t>(info.si_value.sival_int);
    }
    --credits_;
    sigval value;
    std::memcpy(&value, message.data(), kBytes);
    return queue(peer_, signal, value);
  }

  Received receive_of(const sigset_t& messages, Bytes buffer) noexcept {
    siginfo_t info;
    if (!next_signal<kWait>(messages, info)) [[unlikely]]
      return {IoStatus::failed, 0};
    std::memcpy(buffer.data(), &info.si_value, std::min(kBytes, buffer.size()));
    if (std::size_t& owed = owed_.of(info.si_pid); ++owed == batch_) [[unlikely]] {
      owed = 0;
      // A peer that is done and gone needs no credit; its message has arrived.
      const IoStatus status = queue(info.si_pid, credit_, {.sival_int = static_cast<int>(batch_)});
      if (status == IoStatus::failed) return {status, 0};
    }
    return {IoStatus::ok, kBytes};
  }

  static IoStatus queue(pid_t peer, int signal, sigval value) noexcept {
    if (::sigqueue(peer, signal, value) == 0) [[likely]]
      return IoStatus::ok;
    // EAGAIN is an error here: other processes of this user have filled the queue.
    return errno == ESRCH ? IoStatus::peer_closed : IoStatus::failed;
  }

  int plain_ = plain_signal();
  int credit_ = credit_signal();
  sigset_t messages_ = signals_between(SIGRTMIN, plain_);
  sigset_t credits_returned_ = signal_set({credit_});
  pid_t peer_;
  std::size_t& credits_;  // messages that may still be sent to the peer
  std::size_t batch_;     // messages that one returned credit stands for: half a window
  CountsByProcess owed_;  // messages taken since the last credit was returned
};

// Returns how many signals a session may have pending, both ways: a window, and a credit for each half of one.
constexpr std::size_t pending_signals(std::size_t window) noexcept { return 2 * (window + 2); }

// Returns RLIMIT_SIGPENDING: the signals that may be pending for all processes of this user together.
std::size_t pending_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_SIGPENDING, &limit) != 0) throw_errno("getrlimit RLIMIT_SIGPENDING");
  return limit.rlim_cur == RLIM_INFINITY ? std::numeric_limits<std::size_t>::max() : limit.rlim_cur;
}

class RtSignalTransport final : public SimpleTransport<SignalSession> {
 public:
  RtSignalTransport()
      : SimpleTransport({.name = "rt-signal",
                         .family = "signal",
                         .row = "signal",
                         .summary = "queued real-time signal with a value of 8 bytes",
                         .man = "sigqueue(3)",
                         .capabilities = {.shape = Shape::message,
                                          .direction = Direction::one_way,
                                          .rendezvous = FoundBy::pid,
                                          .min_message = kBytes,
                                          .max_message = kBytes,
                                          .in_flight_bytes = kWindow * kBytes,
                                          .keeps_boundaries = true,
                                          .typed = true,
                                          .priorities = true,
                                          .self_synchronising = false,
                                          .many_senders = true,
                                          .access_control = true,
                                          .when_full = WhenFull::fails},
                         .waits = {WaitStrategy::block, WaitStrategy::spin},
                         .options = {{.name = "window",
                                      .kind = OptionInfo::Kind::count,
                                      .default_value = "64",
                                      .summary = "messages that may be under way in each direction"}}}) {}

  Availability probe() const override {
    const std::size_t limit = pending_limit();
    if (limit < pending_signals(kWindow)) {
      return Unavailable{Why::no_resource, fmt::format("RLIMIT_SIGPENDING is {}, two windows of {} signals need {}",
                                                       limit, kWindow, pending_signals(kWindow))};
    }
    return Available{};
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    if (config.message_size != kBytes) {
      errno = EMSGSIZE;
      throw_errno("sigqueue of {} bytes: a signal's value has {}", config.message_size, kBytes);
    }
    const std::size_t limit = pending_limit(), window = config.option_count("window");
    const std::size_t senders = config.pattern.producers;
    if (limit / senders < 4 || window > limit / senders / 2 - 2) {
      errno = EAGAIN;
      throw_errno("sigqueue of {} windows of {} signals: RLIMIT_SIGPENDING is {}", 2 * senders, window, limit);
    }
    return std::make_unique<SignalSession>();
  }
  std::unique_ptr<Endpoint> join(Ticket, const SeatConfig& config) const override {
    block_signals(signals_between(SIGRTMIN, credit_signal()));
    const pid_t peer = exchange_ids(config);
    return bind_by_wait<RtSignalEndpoint>(config.wait, peer, config.option_count("window"));
  }
};

}  // namespace

const Transport& transport_rt_signal() { return the_only<RtSignalTransport>(); }

}  // namespace ipcbench
