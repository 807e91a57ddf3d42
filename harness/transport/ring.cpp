#include "harness/transport/ring.h"

namespace ipcbench {
namespace {

constexpr std::size_t kHeader = sizeof(std::uint64_t);

constexpr std::size_t round_up(std::size_t value, std::size_t unit) { return (value + unit - 1) / unit * unit; }

}  // namespace

RingShape RingShape::copying(std::size_t message_size, std::size_t capacity, std::size_t rounding) {
  capacity = round_up(std::clamp(capacity, std::size_t{1}, SlotHeader::kMaxLength), 4 * kCacheLine);
  const std::size_t payload = std::clamp(message_size, std::size_t{1}, capacity / 4 - kHeader);
  const std::size_t stride = round_up(kHeader + payload, rounding);
  return {.slots = capacity / stride, .stride = stride, .payload_offset = kHeader, .slot_payload = stride - kHeader};
}

RingShape RingShape::lending(std::size_t message_size) {
  message_size = std::clamp(message_size, std::size_t{1}, SlotHeader::kMaxLength);
  const bool beside = message_size <= kCacheLine - kHeader;
  const std::size_t offset = beside ? kHeader : kCacheLine;
  const std::size_t stride = round_up(offset + message_size, kCacheLine);
  return {.slots = std::max<std::size_t>(4, kRingCapacity / stride),
          .stride = stride,
          .payload_offset = offset,
          .slot_payload = message_size};
}

std::size_t RingShape::largest_lent(std::size_t bytes) noexcept {
  if (lending(1).channel_bytes() > bytes) return 0;
  const std::size_t slot = (bytes / 2 - sizeof(RingState)) / 4 / kCacheLine * kCacheLine;
  return std::min(slot - kCacheLine, SlotHeader::kMaxLength);
}

std::size_t RingShape::ring_bytes() const noexcept {
  return round_up(sizeof(RingState) + slots * stride, alignof(RingState));
}

Bytes RingShape::ring_of(Bytes channel, Role writer) const noexcept {
  return channel.subspan(writer == Role::producer ? 0 : ring_bytes(), ring_bytes());
}

void set_ring_cursor(Bytes ring, const RingShape& shape, std::uint64_t cursor) noexcept {
  for (std::uint64_t slot = cursor - shape.slots; slot != cursor; ++slot) {
    const SlotHeader last(slot, 0, false);
    std::byte* const at = ring.data() + sizeof(RingState) + slot % shape.slots * shape.stride;
    std::atomic_ref(*reinterpret_cast<std::uint64_t*>(at)).store(last.word(), std::memory_order_relaxed);
  }
  auto& state = *reinterpret_cast<RingState*>(ring.data());
  std::atomic_ref(state.consumed).store(cursor, std::memory_order_release);
}

}  // namespace ipcbench
