#include "transports/parts/ring.h"

#include <bit>

#include "transports/parts/copy.h"

namespace ipcbench {
namespace {

constexpr std::size_t kHeader = sizeof(std::uint64_t);
constexpr std::size_t kBesideHeader = kCacheLine - kHeader;  // payload that shares the header's line

constexpr std::size_t round_up(std::size_t value, std::size_t unit) { return (value + unit - 1) / unit * unit; }

// Cuts the slots (> 0) into up to kRingBlocks blocks of one size; less than one slot per block is left over.
void cut(RingShape& shape, std::size_t slots) {
  shape.block_slots = (slots + kRingBlocks - 1) / kRingBlocks;
  shape.blocks = slots / shape.block_slots;
}

// Returns a shape with two such slots in a line, one of each direction; or four.
RingShape alternating(std::size_t slot, std::size_t capacity) {
  RingShape shape{.stride = 2 * slot, .payload_offset = kHeader, .slot_payload = slot - kHeader, .opposite = slot};
  cut(shape, capacity / slot);
  return shape;
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
  // If a message takes many lines anyway, the header gets one of its own if that costs none: whole lines are then
  // copied.
  const bool apart = payload > kMaxInlineCopy && stride - payload >= kCacheLine;
  const std::size_t offset = apart ? kCacheLine : kHeader;
  RingShape shape{.stride = stride, .payload_offset = offset, .slot_payload = stride - offset};
  cut(shape, capacity / stride);
  shape.opposite = round_up(shape.slots() * stride, 2 * kCacheLine);
  return shape;
}

RingShape RingShape::lending(std::size_t message_size) {
  message_size = std::clamp(message_size, std::size_t{1}, SlotHeader::kMaxLength);
  RingShape shape;
  if (alternates(message_size)) {
    shape = alternating(std::bit_ceil(kHeader + message_size), kRingCapacity);
  } else {
    shape.payload_offset = message_size <= kBesideHeader ? kHeader : kCacheLine;
    shape.stride = round_up(shape.payload_offset + message_size, kCacheLine);
    cut(shape, std::max<std::size_t>(4, kRingCapacity / shape.stride));
    shape.opposite = round_up(shape.slots() * shape.stride, 2 * kCacheLine);
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
  return 2 * sizeof(RingState) + std::max(slots() * stride, 2 * opposite);
}

RingPlace RingShape::place(Bytes channel, Role writer) const noexcept {
  auto* const states = reinterpret_cast<RingState*>(channel.data());
  std::byte* const slots_begin = channel.data() + 2 * sizeof(RingState);
  return writer == Role::producer ? RingPlace{states[0], slots_begin} : RingPlace{states[1], slots_begin + opposite};
}

namespace detail {

BlockAccount::BlockAccount(const RingShape& shape) noexcept
    : blocks_(shape.blocks),
      block_slots_(shape.block_slots),
      in_a_circle_(shape.block_slots * shape.stride > kLargestHotBlock),
      empty_(shape.blocks) {
  for (std::size_t i = 0; i < empty_; ++i) stack_[i] = static_cast<std::uint8_t>(empty_ - 1 - i);  // the first on top
}

bool BlockAccount::reclaim(std::uint64_t consumed) noexcept {
  while (reclaimed_ + 1 < taken_ && (reclaimed_ + 1) * block_slots_ <= consumed) {
    stack_[empty_++] = order_[reclaimed_++ % kRingBlocks];
  }
  return empty_ != 0;
}

std::size_t BlockAccount::take() noexcept {
  --empty_;
  const std::uint8_t block = in_a_circle_ ? static_cast<std::uint8_t>(taken_ % blocks_) : stack_[empty_];
  return order_[taken_++ % kRingBlocks] = block;
}

}  // namespace detail

}  // namespace ipcbench
