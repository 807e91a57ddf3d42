// Anonymous shared memory, mmap(2), holds the rings: pages without a name, mapped before the fork and inherited.
// mmap-anon copies messages in and out; mmap-anon-loan builds and reads them in place.

#include <cstdint>

#include <fmt/core.h>

#include "harness/memory/mapping.h"
#include "transports/parts/ring_transport.h"

namespace ipcbench {
namespace {

// AnonymousMemory is mapped by the coordinator; each worker has the mapping that the fork left it, at the same address.
class AnonymousMemory {
 public:
  AnonymousMemory(std::size_t bytes, PageKind pages)
      : mapping_(Mapping::shared_anonymous(pages == PageKind::huge ? HugePages::of_this_host().round_up(bytes) : bytes,
                                           pages)) {}

  void add_to(Ticket& ticket) const {
    ticket.text["address"] = fmt::format("{}", reinterpret_cast<std::uintptr_t>(mapping_.data()));
    ticket.text["size"] = fmt::format("{}", mapping_.size());
  }
  static Mapping open(const Ticket& ticket) {
    return Mapping::inherited(reinterpret_cast<void*>(number_in(ticket, "address")),
                              static_cast<std::size_t>(number_in(ticket, "size")));
  }
  void remove() noexcept { mapping_ = Mapping(); }

 private:
  Mapping mapping_;
};

RingMemory memory() {
  return {.name = "mmap-anon",
          .memory = "inherited anonymous memory",
          .man = "mmap(2)",
          .fork_only = true,
          .options = {pages_option()},
          .room = [](const OptionValues& options) { return room_in_memory(pages_of(options)); },
          .create = [](const SessionConfig& config, const RingShape& shape) -> std::unique_ptr<Session> {
            return std::make_unique<RingSession<AnonymousMemory>>(
                config, shape, [&] { return AnonymousMemory(shape.channel_bytes(), pages_of(config.options)); },
                [](const AnonymousMemory& memory, Ticket& ticket) { memory.add_to(ticket); });
          },
          .open = [](Ticket& ticket) { return AnonymousMemory::open(ticket); }};
}

}  // namespace

const Transport& transport_mmap_anon() {
  static const RingTransport transport(memory(), RingForm::copying);
  return transport;
}

const Transport& transport_mmap_anon_loan() {
  static const RingTransport transport(memory(), RingForm::lending);
  return transport;
}

}  // namespace ipcbench
