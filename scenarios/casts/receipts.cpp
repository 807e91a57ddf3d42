#include "scenarios/casts/receipts.h"

#include <atomic>

namespace ipcbench {

std::vector<CastPayload> payloads_of_senders(const LoopSpec& spec, std::uint16_t senders) {
  std::vector<CastPayload> payloads;
  for (std::uint16_t i = 0; i < senders; ++i)
    payloads.emplace_back(spec.payload, spec.seed, Seat{.role = Role::producer, .index = i}, spec.message_size);
  return payloads;
}

Receipts::Receipts(const LoopSpec& spec, std::uint16_t senders, bool is_complete, bool sends_on, SeatLog& log)
    : payloads_(payloads_of_senders(spec, senders)),
      own_(senders > log.senders.size() ? senders : 0),
      counts_(own_.empty() ? std::span(log.senders).first(senders) : std::span(own_)),
      is_complete_(is_complete),
      sends_on_(sends_on),
      log_(log) {}

void Receipts::begin(std::uint64_t expected) noexcept {
  for (SenderCount& sender : counts_) sender = {.next = sender.next, .count = 0, .sum = 0, .squares = 0, .slices = {}};
  expected_ = expected;
  count_ = 0;
  slice_ = 0;
  end_of_slice_ = slice_end(expected, 0);
}

bool Receipts::accept(CastHeader header, ConstBytes message, SeatLane& lane) noexcept {
  const std::uint64_t number = header.number;
  if (header.index >= payloads_.size() || !payloads_[header.index].check(message, number)) [[unlikely]]
    return lane.fail(Failure::corrupted, number);
  SenderCount& sender = counts_[header.index];
  const bool is_out_of_turn = number != sender.next && (is_complete_ || number < sender.next);
  if (is_out_of_turn || (missing_ && missing_->index == header.index)) [[unlikely]]
    return refuse(header, lane);
  sender.next = number + 1;
  ++sender.count;
  sender.sum += number;
  sender.squares += number * number;
  while (count_ >= end_of_slice_ && slice_ + 1 < kSlices) end_of_slice_ = slice_end(expected_, ++slice_);
  ++sender.slices[slice_];
  ++count_;
  std::atomic_ref(log_.side.progress).store(log_.side.progress + 1, std::memory_order_relaxed);
  return true;
}

bool Receipts::accept_mark(SeatLane& lane) noexcept { return !missing_ || lane.fail(Failure::lost, missing_->number); }

// Finds out what a message is that isn't the expected one. One before it was had already, or comes late; one after it
// leaves a gap, about which the producer's next message decides.
bool Receipts::refuse(CastHeader header, SeatLane& lane) noexcept {
  const std::uint64_t expected = counts_[header.index].next;
  if (!is_complete_) return lane.fail(Failure::reordered, header.number);
  if (missing_ && missing_->index == header.index)
    return lane.fail(header.number == missing_->number ? Failure::reordered : Failure::lost, missing_->number);
  if (header.number < expected) return lane.fail(Failure::duplicated, header.number);
  if (!sends_on_) return lane.fail(Failure::lost, expected);
  if (!missing_) missing_ = CastHeader{.index = header.index, .number = expected};
  return true;
}

}  // namespace ipcbench
