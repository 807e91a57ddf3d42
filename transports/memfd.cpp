// A memfd, memfd_create(2), is a file of memory without a name. It holds the rings, and both sides map it by the
// descriptor that they inherit. memfd copies messages in and out; memfd-loan builds and reads them in place.

#include "harness/memory/memfd.h"

#include <string>

#include "transports/parts/ring_transport.h"

namespace ipcbench {
namespace {

std::variant<RingRoom, Unavailable> room(const OptionValues& options) {
  const PageKind pages = pages_of(options);
  auto memory = room_in_memory(pages);
  if (std::holds_alternative<Unavailable>(memory)) return memory;
  if (const std::string reason = memfd_refusal(pages); !reason.empty()) return Unavailable{Why::not_supported, reason};
  return memory;
}

RingMemory memory() {
  return {
      .name = "memfd",
      .memory = "a memfd",
      .man = "memfd_create(2)",
      .options = {pages_option()},
      .room = room,
      .create = [](const SessionConfig& config, const RingShape& shape) -> std::unique_ptr<Session> {
        return std::make_unique<RingSession<Memfd>>(
            config, shape, [&] { return Memfd(shape.channel_bytes(), pages_of(config.options)); },
            [](const Memfd& memory, Ticket& ticket) { ticket.descriptors["memory"] = copy_of(memory.descriptor()); });
      },
      .open = [](Ticket& ticket) { return Memfd::open(ticket.take("memory")); }};
}

}  // namespace

const Transport& transport_memfd() {
  static const RingTransport transport(memory(), RingForm::copying);
  return transport;
}

const Transport& transport_memfd_loan() {
  static const RingTransport transport(memory(), RingForm::lending);
  return transport;
}

}  // namespace ipcbench
