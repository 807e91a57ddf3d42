// POSIX shared memory, shm_overview(7): a ring of messages for each direction in one object that both sides map by its
// name. Messages are copied in and out.

#include "harness/os/posix_shm.h"

#include <cerrno>
#include <cstring>

#include <fmt/core.h>

#include "scenarios/bind_ring.h"

namespace ipcbench {
namespace {

class PosixShmSession final : public Session {
 public:
  explicit PosixShmSession(const SessionConfig& config)
      : wait_(config),
        shape_(RingShape::copying(config.message_size, config.option_size("capacity"))),
        object_(config.run_dir.claim_name(RunDir::Kind::posix_shm, "ring"), shape_.channel_bytes()) {}

  std::unique_ptr<Endpoint> open(Role role) override {
    return bind_ring_endpoint<RingEndpoint>(wait_, object_.attach(), shape_, role);
  }
  void attached() noexcept override { object_.unlink(); }

 private:
  RingWaitSpec wait_;
  RingShape shape_;
  PosixShm object_;
};

class PosixShmTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "posix-shm",
                                    .family = "shared memory",
                                    .row = "shared memory",
                                    .summary = "ring of messages in POSIX shared memory",
                                    .man = "shm_overview(7)",
                                    .capabilities = {.shape = Shape::message,
                                                     .direction = Direction::two_way,
                                                     .persistence = Persistence::kernel,
                                                     .rendezvous = Rendezvous::name,
                                                     .in_flight_bytes = kRingCapacity,
                                                     .keeps_boundaries = true,
                                                     .access_control = true,
                                                     .fast_path = true},
                                    .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::hybrid},
                                    .options = {{.name = "capacity",
                                                 .kind = OptionInfo::Kind::size,
                                                 .default_value = "64KiB",
                                                 .summary = "bytes of the ring's slots in each direction"}}};
    return info;
  }

  Availability probe() const override {
    const auto free = free_posix_shm();
    if (!free) return Unavailable{Why::no_resource, fmt::format("/dev/shm can't be used: {}", std::strerror(errno))};
    // Longer messages go through the same ring in pieces, so it is the ring that must fit.
    const std::size_t needed = RingShape::copying(1).channel_bytes();
    if (*free < needed) {
      return Unavailable{Why::no_resource, fmt::format("/dev/shm has {} bytes free, two rings need {}", *free, needed)};
    }
    return Available{};
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<PosixShmSession>(config);
  }
};

}  // namespace

const Transport& transport_posix_shm() {
  static const PosixShmTransport transport;
  return transport;
}

}  // namespace ipcbench
