// POSIX shared memory without copies, shm_overview(7): a message is built in the slot of a ring and read where it lies.

#include <cerrno>
#include <cstring>

#include <fmt/core.h>

#include "harness/os/posix_shm.h"
#include "scenarios/bind_ring.h"

namespace ipcbench {
namespace {

class PosixShmLoanSession final : public Session {
 public:
  explicit PosixShmLoanSession(const SessionConfig& config)
      : wait_(config),
        shape_(RingShape::lending(config.message_size)),
        object_(config.run_dir.claim_name(RunDir::Kind::posix_shm, "loan"), shape_.channel_bytes()) {}

  std::unique_ptr<Endpoint> open(Role role) override {
    return bind_ring_endpoint<RingLoanEndpoint>(wait_, object_.attach(), shape_, role);
  }
  void attached() noexcept override { object_.unlink(); }

 private:
  RingWaitSpec wait_;
  RingShape shape_;
  PosixShm object_;
};

class PosixShmLoanTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "posix-shm-loan",
                                    .family = "shared memory",
                                    .row = "shared memory",
                                    .summary = "ring in POSIX shared memory, messages built and read in place",
                                    .man = "shm_overview(7)",
                                    .capabilities = {.shape = Shape::loan,
                                                     .direction = Direction::two_way,
                                                     .persistence = Persistence::kernel,
                                                     .rendezvous = Rendezvous::name,
                                                     .max_message = SlotHeader::kMaxLength,
                                                     .in_flight_bytes = kRingCapacity,
                                                     .keeps_boundaries = true,
                                                     .access_control = true,
                                                     .fast_path = true},
                                    .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::hybrid}};
    return info;
  }

  Availability probe() const override {
    const auto free = free_posix_shm();
    if (!free) return Unavailable{Why::no_resource, fmt::format("/dev/shm can't be used: {}", std::strerror(errno))};
    const std::size_t largest = RingShape::largest_lent(*free);
    const std::string limit = fmt::format("/dev/shm has {} bytes free", *free);
    if (largest == 0) {
      return Unavailable{Why::no_resource,
                         fmt::format("{}, two rings need {}", limit, RingShape::lending(1).channel_bytes())};
    }
    return Available{.max_message = largest, .limit = limit};
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<PosixShmLoanSession>(config);
  }
};

}  // namespace

const Transport& transport_posix_shm_loan() {
  static const PosixShmLoanTransport transport;
  return transport;
}

}  // namespace ipcbench
