// POSIX semaphores, sem_overview(7), count notifications, one for each direction. They are unnamed in shared memory, or
// named.

#include "harness/ipc/posix_sem.h"

#include <sched.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/memory/mapping.h"
#include "harness/run_dir/file_space.h"
#include "harness/sdk/transport.h"
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

// UnnamedPair is two unnamed semaphores, each on a pair of cache lines of its own.
class UnnamedPair {
 public:
  UnnamedPair() {
    for (const std::size_t which : {0u, 1u}) {
      if (::sem_init(new (&at(which)) sem_t, 1, 0) != 0) throw_errno("sem_init");
    }
  }
  sem_t& at(std::size_t which) const noexcept { return reinterpret_cast<Place*>(memory_.data())[which].semaphore; }

 private:
  struct alignas(2 * kCacheLine) Place {
    sem_t semaphore;
  };
  Mapping memory_ = Mapping::shared_anonymous(2 * sizeof(Place));
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
  explicit PosixSemSession(const SessionConfig& config) : wait_(config.wait) {
    if (config.option("name") == "named") {
      named_.emplace(config.run_dir);
    } else {
      unnamed_.emplace();
    }
  }

  std::unique_ptr<Endpoint> open(Role role) override {
    sem_t* in = named_ ? named_->forward.open() : &unnamed_->at(0);
    sem_t* out = named_ ? named_->backward.open() : &unnamed_->at(1);
    if (role == Role::producer) std::swap(in, out);
    if (wait_ == WaitStrategy::block) return bind_endpoint<PosixSemEndpoint<WaitStrategy::block>>(in, out);
    return bind_endpoint<PosixSemEndpoint<WaitStrategy::spin>>(in, out);
  }

  void attached() noexcept override { named_.reset(); }

 private:
  WaitStrategy wait_;
  std::optional<UnnamedPair> unnamed_;  // one of the two
  std::optional<NamedPair> named_;
};

class PosixSemTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "posix-sem",
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
                                                     .related_only = true,
                                                     .fast_path = true},
                                    .waits = {WaitStrategy::block, WaitStrategy::spin},
                                    .options = {{.name = "name",
                                                 .default_value = "anonymous",
                                                 .values = {"anonymous", "named"},
                                                 .summary = "sem_init in shared memory, or sem_open"}}};
    return info;
  }
  Availability probe() const override { return Available{}; }
  std::string option_refusal(WaitStrategy, std::size_t, const OptionValues& options) const override {
    if (options.at("name") != "named" || file_system_of("/dev/shm")) return "";
    return fmt::format("a named semaphore is a file in /dev/shm, which can't be used: {}", std::strerror(errno));
  }
  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<PosixSemSession>(config);
  }
};

}  // namespace

const Transport& transport_posix_sem() {
  static const PosixSemTransport transport;
  return transport;
}

}  // namespace ipcbench
