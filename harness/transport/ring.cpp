#include "harness/transport/ring.h"

#include <bit>

namespace ipcbench {
namespace {

constexpr std::size_t kHeader = sizeof(std::uint64_t);
constexpr std::size_t kBesideHeader = kCacheLine - kHeader;  // payload that shares the header's line

constexpr std::size_t round_up(std::size_t value, std::size_t unit) { return (value + unit - 1) / unit * unit; }

// Two such slots in a line, one of each direction; or four.
RingShape alternating(std::size_t slot, std::size_t capacity) {
  return {.slots = capacity / slot,
          .stride = 2 * slot,
          .payload_offset = kHeader,
          .slot_payload = slot - kHeader,
          .opposite = slot};
}

bool alternates(std::size_t message_size) { return kHeader + message_size <= kCacheLine / 2; }

}  // namespace

RingShape RingShape::copying(std::size_t message_size, std::size_t capacity, std::size_t rounding) {
  message_size = std::max<std::size_t>(message_size, 1);
  capacity = round_up(std::clamp(capacity, std::size_t{1}, SlotHeader::kMaxLength), 4 * kCacheLine);
  if (alternates(message_size)) return alternating(std::bit_ceil(kHeader + message_size), capacity);

  const std::size_t quarter = capacity / 4;
  const std::size_t payload = kHeader + message_size <= quarter ? message_size
                              : quarter > kCacheLine            ? quarter - kCacheLine
                                                                : kBesideHeader;
  const std::size_t stride = round_up(kHeader + payload, rounding);
  // Where the last line would be left all but empty, the header gets the first: then whole lines are copied.
  const std::size_t offset = stride > kCacheLine && stride - payload >= kCacheLine ? kCacheLine : kHeader;
  const std::size_t slots = capacity / stride;
  return {.slots = slots,
          .stride = stride,
          .payload_offset = offset,
          .slot_payload = stride - offset,
          .opposite = round_up(slots * stride, 2 * kCacheLine)};
}

RingShape RingShape::lending(std::size_t message_size) {
  message_size = std::clamp(message_size, std::size_t{1}, SlotHeader::kMaxLength);
  RingShape shape;
  if (alternates(message_size)) {
    shape = alternating(std::bit_ceil(kHeader + message_size), kRingCapacity);
  } else {
    shape.payload_offset = message_size <= kBesideHeader ? kHeader : kCacheLine;
    shape.stride = round_up(shape.payload_offset + message_size, kCacheLine);
    shape.slots = std::max<std::size_t>(4, kRingCapacity / shape.stride);
    shape.opposite = round_up(shape.slots * shape.stride, 2 * kCacheLine);
  }
  shape.slot_payload = message_size;
  return shape;
}

std::size_t RingShape::largest_lent(std::size_t bytes) noexcept {
  if (lending(1).channel_bytes() > bytes) return 0;
  const std::size_t slot = (bytes / 2 - sizeof(RingState)) / 4 / kCacheLine * kCacheLine;
  return std::min(slot - kCacheLine, SlotHeader::kMaxLength);
}

std::size_t RingShape::channel_bytes() const noexcept {
  return 2 * sizeof(RingState) + std::max(slots * stride, 2 * opposite);
}

RingPlace RingShape::place(Bytes channel, Role writer) const noexcept {
  auto* const states = reinterpret_cast<RingState*>(channel.data());
  std::byte* const slots_begin = channel.data() + 2 * sizeof(RingState);
  return writer == Role::producer ? RingPlace{states[0], slots_begin} : RingPlace{states[1], slots_begin + opposite};
}

void set_ring_cursor(const RingPlace& ring, const RingShape& shape, std::uint64_t cursor) noexcept {
  for (std::uint64_t slot = cursor - shape.slots; slot != cursor; ++slot) {
    const SlotHeader last(slot, 0, false);
    std::byte* const at = ring.slots + slot % shape.slots * shape.stride;
    std::atomic_ref(*reinterpret_cast<std::uint64_t*>(at)).store(last.word(), std::memory_order_relaxed);
  }
  std::atomic_ref(ring.state.consumed).store(cursor, std::memory_order_release);
}

}  // namespace ipcbench
