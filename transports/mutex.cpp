// POSIX mutexes, process-shared, pthread_mutex_lock(3), hand over the turn, three in rotation
// (transports/parts/lock_rotation.h), or are one lock that many take. If the holder of a robust one dies, whoever waits
// for it is told.

#include <pthread.h>

#include <cerrno>
#include <new>
#include <string_view>

#include "harness/base/error.h"
#include "harness/memory/memfd.h"
#include "harness/memory/robust_mutex.h"
#include "harness/sdk/lock_endpoint.h"
#include "harness/sdk/simple_transport.h"
#include "harness/sdk/wait_policy.h"
#include "scenarios/bind.h"
#include "transports/parts/lock_rotation.h"

namespace ipcbench {
namespace {

// SharedMutexes are in a memfd, each on a pair of cache lines of its own.
class SharedMutexes {
 public:
  // Throws std::system_error.
  explicit SharedMutexes(const UniqueFd& file) : memory_(Memfd::open(file)) {}
  static Memfd make_file() { return Memfd(kRotatingLocks * sizeof(Place)); }

  // Makes the mutexes, once. Throws std::system_error.
  void init(bool is_robust, bool is_adaptive) {
    pthread_mutexattr_t attributes;
    check(::pthread_mutexattr_init(&attributes), "pthread_mutexattr_init");
    check(::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED), "pthread_mutexattr_setpshared");
    if (is_robust) {
      check(::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST), "pthread_mutexattr_setrobust");
    }
    if (is_adaptive) {
      check(::pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ADAPTIVE_NP), "pthread_mutexattr_settype");
    }
    for (std::size_t which = 0; which < kRotatingLocks; ++which) {
      check(::pthread_mutex_init(new (&at(which)) pthread_mutex_t, &attributes), "pthread_mutex_init");
    }
    ::pthread_mutexattr_destroy(&attributes);
  }

  pthread_mutex_t& at(std::size_t which) const noexcept {
    return reinterpret_cast<Place*>(memory_.data())[which].mutex;
  }

 private:
  struct alignas(2 * kCacheLine) Place {
    pthread_mutex_t mutex;
  };

  static void check(int error, const char* call) {
    if (error == 0) return;
    errno = error;
    throw_errno("{}", call);
  }

  Mapping memory_;
};

template <WaitStrategy kWait>
class Mutexes {
 public:
  explicit Mutexes(const SharedMutexes& mutexes) noexcept : mutexes_(&mutexes) {}

  IoStatus lock(std::size_t which) noexcept {
    const int error = acquire(mutexes_->at(which));
    if (error == 0) [[likely]]
      return IoStatus::ok;
    errno = error;
    return error == EOWNERDEAD || error == ENOTRECOVERABLE ? IoStatus::peer_closed : IoStatus::failed;
  }
  IoStatus unlock(std::size_t which) noexcept {
    errno = ::pthread_mutex_unlock(&mutexes_->at(which));
    return errno == 0 ? IoStatus::ok : IoStatus::failed;
  }

 private:
  static int acquire(pthread_mutex_t& mutex) noexcept {
    if constexpr (kWait == WaitStrategy::block) return ::pthread_mutex_lock(&mutex);
    int error = 0;
    while ((error = ::pthread_mutex_trylock(&mutex)) == EBUSY) cpu_relax();
    return error;
  }

  const SharedMutexes* mutexes_;
};

class MutexSession final : public Session {
 public:
  explicit MutexSession(const SessionConfig& config) {
    const std::string_view kind = config.option("kind");
    SharedMutexes(file_.descriptor()).init(kind == "robust", kind == "adaptive");
  }

  Ticket ticket(Seat) override { return Ticket{}.with("memory", copy_of(file_.descriptor())); }
  void attached() noexcept override { file_.remove(); }

 private:
  Memfd file_ = SharedMutexes::make_file();
};

class MutexTransport final : public SimpleTransport<MutexSession> {
 public:
  MutexTransport()
      : SimpleTransport(
            {.name = "mutex",
             .family = "lock",
             .row = "",
             .summary = "mutexes in shared memory, handed over in turn; carries nothing",
             .man = "pthread_mutexattr_setrobust(3)",
             .capabilities = {.shape = Shape::notify,
                              .direction = Direction::two_way,
                              .min_message = 0,
                              .max_message = 0,
                              .carries_payload = false,
                              .many_to_many = true,
                              .locks = true,
                              .related_only = true,
                              .sees_peer_close = true,
                              .fast_path = true},
             .waits = {WaitStrategy::block, WaitStrategy::spin},
             .options = {{.name = "kind",
                          .default_value = "robust",
                          .values = {"robust", "plain", "adaptive"},
                          .summary = "robust: the death of its holder is reported; adaptive: plain, and spins for a "
                                     "while before it sleeps"}},
             .no_streaming =
                 "a lock has no one-way form: who has released it must wait until it has been taken and released"}) {}

  Capabilities capabilities(const OptionValues& options) const override {
    Capabilities can = info().capabilities;
    can.sees_peer_close = options.at("kind") == "robust";
    return can;
  }
  Availability probe() const override {
    if (!knows_robust_mutexes()) {
      return Unavailable{Why::not_supported, "the kernel knows no robust mutexes (set_robust_list)"};
    }
    return available_unless(Why::not_supported, memfd_refusal());
  }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    // The kernel finds there which mutexes a dead process has held, so they stay mapped until this one ends.
    const auto& mutexes = *new SharedMutexes(ticket.take("memory"));
    if (config.wait == WaitStrategy::block) return bind(Mutexes<WaitStrategy::block>(mutexes), config);
    return bind(Mutexes<WaitStrategy::spin>(mutexes), config);
  }

 private:
  template <LockTriple L>
  static std::unique_ptr<Endpoint> bind(L locks, const SeatConfig& config) {
    if (config.pattern.is_lock()) return bind_lock<SoleLock<L>>(locks);
    LockRotation<L>::take_first(locks, config.seat, config.rendezvous);
    return bind_endpoint<LockRotation<L>>(locks, config.seat.role);
  }
};

}  // namespace

const Transport& transport_mutex() { return the_only<MutexTransport>(); }

}  // namespace ipcbench
