// A memfd, memfd_create(2), is a file of memory without a name. It holds the rings, and both sides map it by the
// descriptor that they inherit. memfd copies messages in and out; memfd-loan builds and reads them in place.

#include "harness/memory/memfd.h"

#include <cstring>

#include <fmt/core.h>

#include "transports/parts/ring_transport.h"

namespace ipcbench {
namespace {

std::variant<RingRoom, Unavailable> room(const OptionValues& options) {
  const PageKind pages = pages_of(options);
  auto memory = room_in_memory(pages);
  if (std::holds_alternative<Unavailable>(memory)) return memory;
  if (const int error = memfd_error(pages); error != 0) {
    return Unavailable{Why::not_supported, fmt::format("memfd_create: {}", std::strerror(error))};
  }
  return memory;
}

RingMemory memory() {
  return {.name = "memfd",
          .memory = "a memfd",
          .man = "memfd_create(2)",
          .options = {pages_option()},
          .room = room,
          .create = [](RingForm form, const SessionConfig& config) -> std::unique_ptr<Session> {
            return std::make_unique<RingSession<Memfd>>(
                form, config, [&](std::size_t bytes) { return Memfd(bytes, pages_of(config.options)); });
          }};
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
