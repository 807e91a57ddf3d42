// Anonymous shared memory, mmap(2), holds the rings: pages without a name, mapped before the fork and inherited.
// mmap-anon copies messages in and out; mmap-anon-loan builds and reads them in place.

#include "harness/memory/mapping.h"
#include "transports/parts/ring_transport.h"

namespace ipcbench {
namespace {

// InheritedMapping is made by the coordinator; each process has the mapping that the fork left it.
class InheritedMapping {
 public:
  InheritedMapping(std::size_t bytes, PageKind pages)
      : mapping_(Mapping::shared_anonymous(pages == PageKind::huge ? HugePages::of_this_host().round_up(bytes) : bytes,
                                           pages)) {}

  Mapping open() noexcept {
    mapping_.prefault();  // the pages are there, but a fork leaves a shared mapping's page table empty
    return std::move(mapping_);
  }
  void remove() noexcept { mapping_ = Mapping(); }

 private:
  Mapping mapping_;
};

RingMemory memory() {
  return {.name = "mmap-anon",
          .memory = "inherited anonymous memory",
          .man = "mmap(2)",
          .options = {pages_option()},
          .room = [](const OptionValues& options) { return room_in_memory(pages_of(options)); },
          .create = [](RingForm form, const SessionConfig& config) -> std::unique_ptr<Session> {
            return std::make_unique<RingSession<InheritedMapping>>(
                form, config, [&](std::size_t bytes) { return InheritedMapping(bytes, pages_of(config.options)); });
          }};
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
