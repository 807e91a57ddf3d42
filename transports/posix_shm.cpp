// POSIX shared memory, shm_overview(7), holds a ring for each direction in one object, which both sides map by its
// name. posix-shm copies messages in and out; posix-shm-loan builds and reads them in place.

#include "harness/ipc/posix_shm.h"

#include "transports/parts/ring_transport.h"

namespace ipcbench {
namespace {

RingMemory memory() {
  return {
      .name = "posix-shm",
      .memory = "POSIX shared memory",
      .man = "shm_overview(7)",
      .persistence = Persistence::kernel,
      .rendezvous = FoundBy::name,
      .room = [](const OptionValues&) { return room_in_folder("/dev/shm"); },
      .create = [](const SessionConfig& config, const RingShape& shape) -> std::unique_ptr<Session> {
        return std::make_unique<RingSession<PosixShm>>(
            config, shape,
            [&] { return PosixShm(config.run_dir.claim_name(RunDir::Kind::posix_shm, "ring"), shape.channel_bytes()); },
            [](const PosixShm& memory, Ticket& ticket) { ticket.text["name"] = memory.name(); });
      },
      .open = [](Ticket& ticket) { return PosixShm::open(ticket.value("name")); }};
}

}  // namespace

const Transport& transport_posix_shm() {
  static const RingTransport transport(memory(), RingForm::copying);
  return transport;
}

const Transport& transport_posix_shm_loan() {
  static const RingTransport transport(memory(), RingForm::lending);
  return transport;
}

}  // namespace ipcbench
