#include "transports/parts/ring_transport.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "harness/cgroup/memory_limit.h"
#include "harness/memory/huge_pages.h"
#include "harness/run_dir/file_space.h"

namespace ipcbench {
namespace {

constexpr std::string_view kRing = "ring";

constexpr std::size_t kMappedFile = 3;  // descriptors: the coordinator's own, and one for each ticket

bool of_descriptor(const RingMemory& memory) { return memory.rendezvous == FoundBy::inherited && !memory.fork_only; }

std::vector<OptionInfo> options_of(RingForm form, const std::vector<OptionInfo>& of_memory) {
  std::vector<OptionInfo> options;
  if (form == RingForm::copying) {
    options.push_back({.name = "capacity",
                       .kind = OptionInfo::Kind::size,
                       .default_value = "64KiB",
                       .summary = "bytes of the ring's slots in each direction",
                       .part = kRing});
  }
  options.push_back({.name = "wake",
                     .default_value = kWakeNames.front(),
                     .values = {kWakeNames.begin(), kWakeNames.end()},
                     .summary = "what a side that blocks is woken by",
                     .part = kRing});
  options.insert(options.end(), of_memory.begin(), of_memory.end());
  return options;
}

RingShape shape_of(RingForm form, std::size_t size, const OptionValues& options) {
  if (form == RingForm::lending) return RingShape::lending(size);
  return RingShape::copying(size, parse_size(options.find("capacity")->second, "capacity"));
}

std::size_t bytes_needed(RingForm form, std::size_t size, const OptionValues& options) {
  size = std::min(size, SlotHeader::kMaxLength);  // longer ones are cut in any case, or refused
  return shape_of(form, size, options).channel_bytes();
}

OptionValues defaults_of(const TransportInfo& info) {
  OptionValues values;
  for (const OptionInfo& option : info.options) values.emplace(option.name, option.default_value);
  return values;
}

}  // namespace

void add_shape(const RingShape& shape, Ticket& ticket) {
  for (const auto& [name, value] :
       {std::pair("blocks", shape.blocks), std::pair("block-slots", shape.block_slots),
        std::pair("stride", shape.stride), std::pair("payload-offset", shape.payload_offset),
        std::pair("slot-payload", shape.slot_payload), std::pair("opposite", shape.opposite)})
    ticket.text[fmt::format("ring-{}", name)] = fmt::format("{}", value);
}

RingTransport::RingTransport(RingMemory memory, RingForm form)
    : memory_(std::move(memory)),
      form_(form),
      name_(fmt::format("{}{}", memory_.name, form == RingForm::lending ? "-loan" : "")),
      summary_(form == RingForm::lending ? fmt::format("ring in {}, messages built and read in place", memory_.memory)
                                         : fmt::format("ring of messages in {}", memory_.memory)),
      info_{.name = name_,
            .family = "shared memory",
            .row = "shared memory",
            .summary = summary_,
            .man = memory_.man,
            .capabilities = {.shape = form == RingForm::lending ? Shape::loan : Shape::message,
                             .direction = Direction::two_way,
                             .persistence = memory_.persistence,
                             .rendezvous = memory_.rendezvous,
                             .max_message = form == RingForm::lending ? SlotHeader::kMaxLength : kUnlimited,
                             .in_flight_bytes = kRingCapacity,
                             .keeps_boundaries = true,
                             .descriptors = of_descriptor(memory_) ? kMappedFile : 0,
                             .related_only = memory_.rendezvous == FoundBy::inherited,
                             .fork_only = memory_.fork_only,
                             .access_control = memory_.rendezvous != FoundBy::inherited,
                             .many_by_word = true,
                             .fast_path = true},
            .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::hybrid},
            .options = options_of(form, memory_.options),
            .copies = form == RingForm::lending ? 0.0 : 2.0} {}

Capabilities RingTransport::capabilities(const OptionValues& options) const {
  Capabilities can = info_.capabilities;
  can.many_by_word = options.find("wake")->second == kWakeNames.front();
  return can;
}

Availability RingTransport::probe() const {
  const auto room = memory_.room(defaults_of(info_));
  if (const auto* unavailable = std::get_if<Unavailable>(&room)) return *unavailable;
  const auto& [bytes, limit, is_setting, objects, objects_limit] = std::get<RingRoom>(room);
  // Long messages are copied through the same ring in pieces, so it is the ring that must fit.
  const std::size_t needed = bytes_needed(form_, 1, defaults_of(info_));
  if (bytes < needed) return Unavailable{Why::no_resource, fmt::format("{}, two rings need {}", limit, needed)};
  if (form_ == RingForm::copying) return Available{};
  return Available{.max_message = RingShape::largest_lent(bytes), .limit = limit};
}

// For lent messages probe() reports what is free now, which is never a mechanism's own limit.
MessageLimit RingTransport::largest_message(const Available&, const OptionValues& options) const {
  MessageLimit largest = Transport::largest_message({}, options);
  if (form_ == RingForm::copying) return largest;  // the ring must fit, whatever goes through it
  const auto room = memory_.room(options);
  const auto* here = std::get_if<RingRoom>(&room);
  if (here == nullptr || !here->is_setting) return largest;
  if (const std::size_t lent = RingShape::largest_lent(here->bytes); lent < largest.bytes) return {lent, here->limit};
  return largest;
}

std::size_t RingTransport::memory_needed(std::size_t message_size, const OptionValues& options) const {
  const auto is = [&](std::string_view name, std::string_view value) {
    const auto option = options.find(name);
    return option != options.end() && option->second == value;
  };
  // Neither a disk file's pages nor the pool of huge pages are part of the memory that is available.
  if (is("fs", "disk") || is("pages", "huge")) return 0;
  return bytes_needed(form_, message_size, options);
}

std::string RingTransport::option_refusal(WaitStrategy wait, std::size_t size, const OptionValues& options) const {
  const std::string& wake = options.find("wake")->second;
  if (wait != WaitStrategy::block && wake != kWakeNames.front()) {
    return fmt::format("wake={} matters with the wait strategy block only", wake);
  }
  if (const auto capacity = options.find("capacity");
      capacity != options.end() && parse_size(capacity->second, "capacity") > SlotHeader::kMaxLength) {
    return fmt::format("a ring's capacity is at most {} bytes", SlotHeader::kMaxLength);
  }
  const auto room = memory_.room(options);
  if (const auto* unavailable = std::get_if<Unavailable>(&room)) return unavailable->reason;
  const auto& [bytes, limit, is_setting, objects, objects_limit] = std::get<RingRoom>(room);
  const std::size_t needed = bytes_needed(form_, size, options);
  return bytes < needed ? fmt::format("{}, the case needs {}", limit, needed) : "";
}

std::string RingTransport::channels_refusal(std::size_t channels, std::size_t size, const OptionValues& options) const {
  const auto room = memory_.room(options);
  if (const auto* here = std::get_if<RingRoom>(&room)) {
    const std::size_t needed = channels * bytes_needed(form_, size, options);
    if (channels > here->objects) return fmt::format("{}, the case needs {}", here->objects_limit, channels);
    if (needed > here->bytes) return fmt::format("{}, {} channels need {}", here->limit, channels, needed);
  }
  return Transport::channels_refusal(channels, size, options);
}

std::unique_ptr<Session> RingTransport::create(const SessionConfig& config) const {
  return memory_.create(config, shape_of(form_, config.message_size, config.options));
}

std::unique_ptr<Endpoint> RingTransport::join(Ticket ticket, const SeatConfig& config) const {
  const RingShape shape = shape_of(form_, config.message_size, config.options);
  const bool produces = config.seat.role == Role::producer;
  const auto bind = form_ == RingForm::copying ? bind_ring : bind_lending_ring;
  RingWaits waits(ticket, config);
  std::unique_ptr<Endpoint> endpoint = bind(waits, memory_.open(ticket), shape, config.seat.role);
  const auto sizes = [bytes = shape.slots() * shape.stride, produces] {
    BufferSizes own{};
    own.add(plain_size(Buffer::ring, produces ? BufferDirection::forward : BufferDirection::backward, bytes));
    return own;
  };
  return keeping(with_buffers(std::move(endpoint), sizes), std::move(waits));
}

OptionInfo pages_option() {
  return {.name = "pages",
          .default_value = "small",
          .values = {"small", "huge"},
          .summary = "pages of the usual size, or of the host's huge page size"};
}

PageKind pages_of(const OptionValues& options) {
  return options.find("pages")->second == "huge" ? PageKind::huge : PageKind::small;
}

std::variant<RingRoom, Unavailable> room_in_memory(PageKind pages) {
  if (pages == PageKind::small) {
    const auto [bytes, limit] = available_memory();
    return RingRoom{bytes, limit};
  }
  const HugePages huge = HugePages::of_this_host();
  if (huge.size == 0) return Unavailable{Why::not_supported, "this kernel has no huge pages"};
  if (huge.total == 0) return Unavailable{Why::no_resource, "/proc/sys/vm/nr_hugepages is 0: there are no huge pages"};
  return RingRoom{huge.free * huge.size,
                  fmt::format("{} of {} huge pages of {} are free", huge.free, huge.total, format_size(huge.size))};
}

std::variant<RingRoom, Unavailable> room_in_folder(const char* folder) {
  const auto system = file_system_of(folder);
  if (!system) return Unavailable{Why::no_resource, fmt::format("{} can't be used: {}", folder, std::strerror(errno))};
  if (system->in_memory) {
    if (const auto [bytes, limit] = available_memory(); bytes < system->free) return RingRoom{bytes, limit};
  }
  return RingRoom{system->free, fmt::format("{} has {} bytes free", folder, system->free)};
}

}  // namespace ipcbench
