// System V shared memory, shmget(2), holds the rings in a segment that both sides attach by its key. sysv-shm copies
// messages in and out; sysv-shm-loan builds and reads them in place.

#include "harness/ipc/sysv_shm.h"

#include <algorithm>

#include <fmt/core.h>

#include "transports/parts/ring_transport.h"

namespace ipcbench {
namespace {

std::variant<RingRoom, Unavailable> room(const OptionValues& options) {
  const SysvShmRoom segment = sysv_shm_room();
  if (!segment.supported) return Unavailable{Why::not_supported, segment.limit};
  RingRoom room{.bytes = segment.bytes,
                .limit = segment.limit,
                .is_setting = segment.is_setting,
                .objects = segment.segments,
                .objects_limit = fmt::format("/proc/sys/kernel/shmmni leaves room for {} segments", segment.segments)};
  if (pages_of(options) == PageKind::small) return room;
  auto huge = room_in_memory(PageKind::huge);
  if (std::holds_alternative<Unavailable>(huge)) return huge;
  if (!may_use_huge_sysv_shm()) {
    return Unavailable{Why::no_permission,
                       "huge pages of System V shared memory need CAP_IPC_LOCK or the group of "
                       "/proc/sys/vm/hugetlb_shm_group"};
  }
  if (segment.bytes < std::get<RingRoom>(huge).bytes) return room;
  return huge;
}

RingMemory memory() {
  return {.name = "sysv-shm",
          .memory = "System V shared memory",
          .man = "shmget(2)",
          .persistence = Persistence::kernel,
          .rendezvous = FoundBy::key,
          .options = {pages_option()},
          .room = room,
          .create = [](const SessionConfig& config, const RingShape& shape) -> std::unique_ptr<Session> {
            return std::make_unique<RingSession<SysvShm>>(
                config, shape, [&] { return SysvShm(config.run_dir, shape.channel_bytes(), pages_of(config.options)); },
                [](const SysvShm& memory, Ticket& ticket) { ticket.text["key"] = fmt::format("{}", memory.key()); });
          },
          .open = [](Ticket& ticket) { return SysvShm::open(key_in(ticket, "key")); }};
}

}  // namespace

const Transport& transport_sysv_shm() {
  static const RingTransport transport(memory(), RingForm::copying);
  return transport;
}

const Transport& transport_sysv_shm_loan() {
  static const RingTransport transport(memory(), RingForm::lending);
  return transport;
}

}  // namespace ipcbench
