#include "scenarios/casts/cast_seat.h"

#include <algorithm>

namespace ipcbench {

std::uint64_t messages_each(const Cast& cast, std::uint64_t ops) noexcept {
  const std::uint64_t of_a_message = cast.to_all ? cast.pattern.consumers : 1;
  return std::max<std::uint64_t>(ops / (cast.pattern.producers * of_a_message), 1);
}

std::uint64_t whole_ops(const Cast& cast, std::uint64_t ops) noexcept {
  return messages_each(cast, ops) * cast.pattern.producers * (cast.to_all ? cast.pattern.consumers : 1);
}

std::uint64_t messages_from(const CastSeat& consumer, std::uint64_t ops, std::uint16_t producer) noexcept {
  const std::uint64_t messages = messages_each(consumer.cast, ops), consumers = consumer.cast.pattern.consumers;
  if (consumer.cast.to_all) return messages;
  const std::uint64_t before = (consumer.seat.index + consumers - producer % consumers) % consumers;
  return messages > before ? (messages - before - 1) / consumers + 1 : 0;
}

std::uint64_t messages_to(const CastSeat& consumer, std::uint64_t ops) noexcept {
  std::uint64_t messages = 0;
  for (std::uint16_t producer = 0; producer < consumer.cast.pattern.producers; ++producer)
    messages += messages_from(consumer, ops, producer);
  return messages;
}

}  // namespace ipcbench
