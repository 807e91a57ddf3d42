// POSIX semaphores, sem_overview(7), count notifications, one for each direction, or one is a lock that starts at 1.
// They are unnamed in shared memory, or named.

#include "harness/ipc/posix_sem.h"

#include <sched.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/memory/memfd.h"
#include "harness/run_dir/file_space.h"
#include "harness/sdk/lock_endpoint.h"
#include "harness/sdk/simple_transport.h"
#include "harness/sdk/wait_policy.h"
#include "scenarios/bind.h"

namespace ipcbench {
namespace {

// Both semaphores must outlive the endpoint.
template <WaitStrategy kWait>
class PosixSemEndpoint {
 public:
  PosixSemEndpoint(sem_t* in, sem_t* out) noexcept : in_(in), out_(out) {}

  IoStatus notify() noexcept {
    while (::sem_post(out_) != 0) {
      // The semaphore is full: it holds SEM_VALUE_MAX (2^31 - 1), and nothing reports when it no longer does.
      if (errno != EOVERFLOW) return IoStatus::failed;
      ::sched_yield();
    }
    return IoStatus::ok;
  }

  Awaited await() noexcept {
    if constexpr (kWait == WaitStrategy::spin) {
      while (::sem_trywait(in_) != 0) {
        if (errno != EAGAIN && errno != EINTR) return {IoStatus::failed, 0};
        cpu_relax();
      }
    } else {
      while (::sem_wait(in_) != 0) {
        if (errno != EINTR) return {IoStatus::failed, 0};
      }
    }
    return {IoStatus::ok, 1};
  }

 private:
  sem_t* in_;
  sem_t* out_;
};

// PosixSemLock is a semaphore from 1, which must outlive it.
template <WaitStrategy kWait>
class PosixSemLock {
 public:
  explicit PosixSemLock(sem_t* semaphore) noexcept : endpoint_(semaphore, semaphore) {}
  IoStatus lock() noexcept { return endpoint_.await().status; }
  IoStatus unlock() noexcept { return endpoint_.notify(); }

 private:
  PosixSemEndpoint<kWait> endpoint_;
};

// UnnamedPair is two unnamed semaphores in a memfd, each on a pair of cache lines of its own.
struct UnnamedPair {
  alignas(2 * kCacheLine) sem_t forward;  // producer to consumer
  alignas(2 * kCacheLine) sem_t backward;

  static UnnamedPair& in(const Mapping& memory) { return *reinterpret_cast<UnnamedPair*>(memory.data()); }
};

struct NamedPair {
  explicit NamedPair(RunDir& run_dir)
      : forward(run_dir.claim_name(RunDir::Kind::posix_sem, "forward")),
        backward(run_dir.claim_name(RunDir::Kind::posix_sem, "backward")) {}
  PosixSem forward;  // producer to consumer
  PosixSem backward;
};

class PosixSemSession final : public Session {
 public:
  explicit PosixSemSession(const SessionConfig& config) {
    const bool is_lock = config.pattern.is_lock();
    if (config.option("name") == "named") {
      named_.emplace(config.run_dir);
      if (is_lock && ::sem_post(PosixSem::open(named_->forward.name())) != 0) throw_errno("sem_post");
      return;
    }
    const Mapping memory = Memfd::open(unnamed_.emplace(sizeof(UnnamedPair)).descriptor());
    for (sem_t* semaphore : {&UnnamedPair::in(memory).forward, &UnnamedPair::in(memory).backward}) {
      if (::sem_init(semaphore, 1, is_lock ? 1 : 0) != 0) throw_errno("sem_init");
    }
  }

  Ticket ticket(Seat) override {
    if (unnamed_) return Ticket{}.with("memory", copy_of(unnamed_->descriptor()));
    return Ticket{}.with("forward", named_->forward.name()).with("backward", named_->backward.name());
  }
  void attached() noexcept override {
    unnamed_.reset();
    named_.reset();
  }

 private:
  std::optional<Memfd> unnamed_;  // one of the two
  std::optional<NamedPair> named_;
};

class PosixSemTransport final : public SimpleTransport<PosixSemSession> {
 public:
  PosixSemTransport()
      : SimpleTransport({.name = "posix-sem",
                         .family = "semaphore",
                         .row = "semaphore",
                         .summary = "POSIX semaphore, one for each direction; carries nothing",
                         .man = "sem_overview(7)",
                         .capabilities = {.shape = Shape::notify,
                                          .direction = Direction::two_way,
                                          .min_message = 0,
                                          .max_message = 0,
                                          .carries_payload = false,
                                          .many_to_many = true,
                                          .many_senders = true,
                                          .many_receivers = true,
                                          .locks = true,
                                          .related_only = true,
                                          .fast_path = true},
                         .waits = {WaitStrategy::block, WaitStrategy::spin},
                         .options = {{.name = "name",
                                      .default_value = "anonymous",
                                      .values = {"anonymous", "named"},
                                      .summary = "sem_init in shared memory, or sem_open"}}}) {}

  std::string option_refusal(WaitStrategy, std::size_t, const OptionValues& options) const override {
    if (options.at("name") != "named") return memfd_refusal();
    if (file_system_of("/dev/shm")) return "";
    return fmt::format("a named semaphore is a file in /dev/shm, which can't be used: {}", std::strerror(errno));
  }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const bool is_named = config.option("name") == "named";
    Mapping memory = is_named ? Mapping() : Memfd::open(ticket.take("memory"));
    sem_t* in = is_named ? PosixSem::open(ticket.value("forward")) : &UnnamedPair::in(memory).forward;
    sem_t* out = is_named ? PosixSem::open(ticket.value("backward")) : &UnnamedPair::in(memory).backward;
    if (config.pattern.is_lock()) {
      auto lock = config.wait == WaitStrategy::spin ? bind_lock<PosixSemLock<WaitStrategy::spin>>(in)
                                                    : bind_lock<PosixSemLock<WaitStrategy::block>>(in);
      return keeping(std::move(lock), std::move(memory));
    }
    // Many producers post what many consumers wait for. Nothing goes back, unless they are a pair.
    if (!config.pattern.is_pair()) {
      out = in;
    } else if (config.seat.role == Role::producer) {
      std::swap(in, out);
    }
    return keeping(bind_by_wait<PosixSemEndpoint>(config.wait, in, out), std::move(memory));
  }
};

}  // namespace

const Transport& transport_posix_sem() { return the_only<PosixSemTransport>(); }

}  // namespace ipcbench
