// System V semaphores, semop(2), count notifications: a set of two, one for each direction, or one of them is a lock
// that starts at 1.

#include "harness/ipc/sysv_sem.h"

#include <sys/ipc.h>
#include <sys/sem.h>

#include <array>
#include <cerrno>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/sdk/lock_endpoint.h"
#include "harness/sdk/simple_transport.h"
#include "scenarios/bind.h"

namespace ipcbench {
namespace {

// Adjustment keeps the kernel's SEM_UNDO sum small. For each process and semaphore the kernel keeps the sum of what it
// will undo when the process ends, and refuses an operation that takes it beyond 32767. A side that only posts, or only
// waits, would end there.
//
// The sum is therefore settled now and then, by two operations in one call that leave the value as it is. One undoes
// the sum, the other takes it back without SEM_UNDO. The rest is settled before the process ends, which would otherwise
// take back notifications that the peer has not seen yet.
class Adjustment {
 public:
  // `step` is what one operation adds to `semaphore`.
  Adjustment(int id, unsigned short semaphore, short step) noexcept : id_(id), semaphore_(semaphore), step_(step) {}

  // Counts an operation. Returns false on failure; errno says why.
  bool done() noexcept { return ++sum_ < kLargest || settle(); }

  bool settle() noexcept {
    while (sum_ != 0) {
      const auto amount = static_cast<short>(step_ * sum_);
      const sembuf undo{semaphore_, static_cast<short>(-amount), SEM_UNDO | IPC_NOWAIT};
      const sembuf redo{semaphore_, amount, IPC_NOWAIT};
      const sembuf& down = step_ > 0 ? undo : redo;
      const sembuf& up = step_ > 0 ? redo : undo;
      // Down first fails if the value is too small for it, up first if it is too large.
      if (apply(down, up) || apply(up, down)) {
        sum_ = 0;
      } else if (errno != EAGAIN && errno != ERANGE) {
        return false;
      }
    }
    return true;
  }

 private:
  static constexpr short kLargest = 1024;

  bool apply(sembuf first, sembuf second) noexcept {
    std::array both{first, second};
    return ::semop(id_, both.data(), both.size()) == 0;
  }

  int id_;
  unsigned short semaphore_;
  short step_;
  short sum_ = 0;
};

// Returns false on failure; errno says why.
bool operate(int id, sembuf operation) noexcept {
  while (::semop(id, &operation, 1) != 0) {
    if (errno != EINTR && errno != EAGAIN) return false;
  }
  return true;
}

template <WaitStrategy kWait, bool kUndo>
inline constexpr short kSemFlags = (kWait == WaitStrategy::spin ? IPC_NOWAIT : 0) | (kUndo ? SEM_UNDO : 0);

// SysvSemLock takes and gives back in one process, so that what SEM_UNDO sums up is 1 at most.
template <WaitStrategy kWait, bool kUndo>
class SysvSemLock {
 public:
  explicit SysvSemLock(int id) noexcept : id_(id) {}
  IoStatus lock() noexcept { return change(-1); }
  IoStatus unlock() noexcept { return change(1); }

 private:
  IoStatus change(short by) noexcept {
    return operate(id_, {0, by, kSemFlags<kWait, kUndo>}) ? IoStatus::ok : IoStatus::failed;
  }
  int id_;
};

template <WaitStrategy kWait, bool kUndo>
class SysvSemEndpoint {
 public:
  SysvSemEndpoint(int id, Role role) noexcept
      : id_(id), in_(role == Role::producer ? 1 : 0), out_(role == Role::producer ? 0 : 1) {}
  SysvSemEndpoint(const SysvSemEndpoint&) = delete;
  SysvSemEndpoint& operator=(const SysvSemEndpoint&) = delete;
  ~SysvSemEndpoint() {
    if constexpr (kUndo) posts_.settle(), takes_.settle();
  }

  IoStatus notify() noexcept {
    while (!operate(id_, {out_, 1, kSemFlags<kWait, kUndo>})) [[unlikely]] {
      // The semaphore is full: it holds SEMVMX (32767). The peer empties it before more is added.
      if (errno != ERANGE || !operate(id_, {out_, 0, kSemFlags<kWait, false>})) return IoStatus::failed;
    }
    if constexpr (kUndo) {
      if (!posts_.done()) return IoStatus::failed;
    }
    return IoStatus::ok;
  }

  Awaited await() noexcept {
    if (!operate(id_, {in_, -1, kSemFlags<kWait, kUndo>})) [[unlikely]]
      return {IoStatus::failed, 0};
    if constexpr (kUndo) {
      if (!takes_.done()) return {IoStatus::failed, 0};
    }
    return {IoStatus::ok, 1};
  }

 private:
  int id_;
  unsigned short in_;  // numbers within the set
  unsigned short out_;
  Adjustment posts_{id_, out_, 1};
  Adjustment takes_{id_, in_, -1};
};

template <WaitStrategy kWait>
using PlainSysvSem = SysvSemEndpoint<kWait, false>;
template <WaitStrategy kWait>
using UndoingSysvSem = SysvSemEndpoint<kWait, true>;

class SysvSemSession final : public Session {
 public:
  explicit SysvSemSession(const SessionConfig& config) : set_(config.run_dir, 2) {
    if (config.pattern.is_lock() && !operate(SysvSem::open(set_.key()), {0, 1, 0})) throw_errno("semop");
  }

  Ticket ticket(Seat) override { return Ticket{}.with("key", fmt::format("{}", set_.key())); }

 private:
  SysvSem set_;  // isn't removed once both sides have it, since that would end it for them too
};

class SysvSemTransport final : public SimpleTransport<SysvSemSession> {
 public:
  SysvSemTransport()
      : SimpleTransport({.name = "sysv-sem",
                         .family = "semaphore",
                         .row = "semaphore",
                         .summary = "System V semaphores, a set of two; carries nothing",
                         .man = "semop(2)",
                         .capabilities = {.shape = Shape::notify,
                                          .direction = Direction::two_way,
                                          .persistence = Persistence::kernel,
                                          .rendezvous = FoundBy::key,
                                          .min_message = 0,
                                          .max_message = 0,
                                          .carries_payload = false,
                                          .many_to_many = true,
                                          .many_senders = true,
                                          .many_receivers = true,
                                          .locks = true,
                                          .access_control = true},
                         .waits = {WaitStrategy::block, WaitStrategy::spin},
                         .options = {{.name = "undo",
                                      .default_value = "off",
                                      .values = {"off", "on"},
                                      .summary = "SEM_UNDO: the kernel takes back what a dead side did"}}}) {}

  Availability probe() const override {
    if (std::string reason = sysv_sem_refusal(); !reason.empty()) {
      return Unavailable{Why::no_resource, std::move(reason)};
    }
    return Available{};
  }

  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const int id = SysvSem::open(key_in(ticket, "key"));
    const bool undoes = config.option("undo") == "on", spins = config.wait == WaitStrategy::spin;
    if (config.pattern.is_lock() && undoes)
      return spins ? bind_lock<SysvSemLock<WaitStrategy::spin, true>>(id)
                   : bind_lock<SysvSemLock<WaitStrategy::block, true>>(id);
    if (config.pattern.is_lock())
      return spins ? bind_lock<SysvSemLock<WaitStrategy::spin, false>>(id)
                   : bind_lock<SysvSemLock<WaitStrategy::block, false>>(id);
    if (undoes) return bind_by_wait<UndoingSysvSem>(config.wait, id, config.seat.role);
    return bind_by_wait<PlainSysvSem>(config.wait, id, config.seat.role);
  }
};

}  // namespace

const Transport& transport_sysv_sem() { return the_only<SysvSemTransport>(); }

}  // namespace ipcbench
