// A mapped file, mmap(2) with MAP_SHARED, holds the rings in the page cache; both sides open it by its path. mmap-file
// copies messages in and out; mmap-file-loan builds and reads them in place. On a disk's file system the kernel also
// writes changed pages back, and the next store to each of them faults.

#include <utility>
#include <variant>

#include "harness/memory/mapped_file.h"
#include "transports/parts/file_place.h"
#include "transports/parts/ring_transport.h"

namespace ipcbench {
namespace {

std::variant<RingRoom, Unavailable> room(const OptionValues& options) {
  auto place = file_room(options);
  if (auto* unavailable = std::get_if<Unavailable>(&place)) return std::move(*unavailable);
  auto& [bytes, limit] = std::get<FileRoom>(place);
  return RingRoom{bytes, std::move(limit)};
}

RingMemory memory() {
  return {.name = "mmap-file",
          .memory = "a mapped file",
          .man = "mmap(2)",
          .persistence = Persistence::file_system,
          .rendezvous = FoundBy::path,
          .options = {fs_option()},
          .room = room,
          .create = [](const SessionConfig& config, const RingShape& shape) -> std::unique_ptr<Session> {
            return std::make_unique<RingSession<MappedFile>>(
                config, shape,
                [&] {
                  return MappedFile(config.run_dir.claim_name(file_kind(config.options), "ring"),
                                    shape.channel_bytes());
                },
                [](const MappedFile& memory, Ticket& ticket) { ticket.text["path"] = memory.path(); });
          },
          .open = [](Ticket& ticket) { return MappedFile::open(ticket.value("path")); }};
}

}  // namespace

const Transport& transport_mmap_file() {
  static const RingTransport transport(memory(), RingForm::copying);
  return transport;
}

const Transport& transport_mmap_file_loan() {
  static const RingTransport transport(memory(), RingForm::lending);
  return transport;
}

}  // namespace ipcbench
