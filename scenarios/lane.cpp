#include "scenarios/lane.h"

namespace ipcbench {
namespace {

// A foreign message is looked for up to this distance from the expected sequence.
constexpr std::uint64_t kSearch = 4096;
// Shorter messages match a wrong sequence too often to say more than "corrupted".
constexpr std::size_t kTelling = 4;

}  // namespace

Failure LaneBase::reject(ConstBytes message) noexcept {
  const auto is = [&](Failure failure, std::uint64_t sequence) noexcept {
    fail(failure, sequence);
    return failure;
  };
  if (message.size() < kTelling) return is(Failure::corrupted, taken_);
  if (mine_.check(message, taken_)) return is(Failure::own_message, taken_);
  for (std::uint64_t distance = 1; distance <= kSearch; ++distance) {
    if (theirs_.check(message, taken_ + distance)) {
      found_ = taken_ + distance;
      return is(Failure::lost, taken_);
    }
    if (distance <= taken_ && theirs_.check(message, taken_ - distance))
      return is(Failure::duplicated, taken_ - distance);
  }
  return is(Failure::corrupted, taken_);
}

}  // namespace ipcbench
