#include "scenarios/casts/seat_lane.h"

#include "scenarios/lane.h"

namespace ipcbench {

SeatLane::SeatLane(std::size_t message_size, SideLog& side)
    : size_(message_size),
      side_(side),
      out_(Mapping::private_anonymous(message_size)),
      in_(Mapping::private_anonymous(message_size)) {}

bool SeatLane::put(const Channel& channel, CastHeader header, const CastPayload& payload) noexcept {
  Bytes message(out_.data(), size_);
  if (channel.ops->loan != nullptr) {
    const Loan loan = channel.ops->loan(channel.self, size_);
    if (loan.status != IoStatus::ok) [[unlikely]]
      return fail(loan.status, header.number);
    message = loan.bytes;
  }
  header.write(message);
  payload.write(message, header.number);
  const IoStatus status = channel.ops->send != nullptr ? channel.ops->send(channel.self, message)
                                                       : channel.ops->publish(channel.self, message);
  return status == IoStatus::ok || fail(status, header.number);
}

bool SeatLane::take(const Channel& channel, ConstBytes& message) noexcept {
  was_silent_ = false;
  if (channel.ops->acquire != nullptr) {
    const View view = channel.ops->acquire(channel.self);
    message = view.bytes;
    if (view.status != IoStatus::ok) [[unlikely]]
      return fail(view.status, side_.progress);
  } else {
    const Received received = channel.ops->receive(channel.self, {in_.data(), size_});
    if (received.status == IoStatus::timed_out && channel.ops->may_lose) {
      was_silent_ = true;
      return false;
    }
    if (received.status != IoStatus::ok) [[unlikely]]
      return fail(received.status, side_.progress);
    message = {in_.data(), received.size};
  }
  if (message.size() == size_) [[likely]]
    return true;
  side_.failed_size = message.size();
  return fail(message.size() < size_ ? Failure::truncated : Failure::corrupted, side_.progress);
}

bool SeatLane::fail(Failure failure, std::uint64_t number) noexcept { return end_side(side_, failure, number); }
bool SeatLane::fail(IoStatus status, std::uint64_t number) noexcept { return end_side(side_, status, number); }

}  // namespace ipcbench
