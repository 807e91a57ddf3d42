#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "harness/base/unique_fd.h"
#include "harness/measure/payload.h"

namespace ipcbench {

// One worker's place in a launch: "producer 0".
struct Seat {
  Role role = Role::producer;
  std::uint16_t index = 0;

  friend bool operator==(const Seat&, const Seat&) = default;
};

constexpr Seat peer_of(Seat seat) noexcept { return {.role = other(seat.role), .index = seat.index}; }

// What one seat needs to open its side of a session: names, addresses and numbers as text, and open descriptors. A
// process that shares nothing else with the coordinator opens its side from it.
struct Ticket {
  std::map<std::string, std::string, std::less<>> text;
  std::map<std::string, UniqueFd, std::less<>> descriptors;

  // Adds an entry, and returns the ticket, so that one is made in a single expression.
  Ticket&& with(std::string_view name, std::string value) &&;
  Ticket&& with(std::string_view name, UniqueFd descriptor) &&;

  // Both throw std::out_of_range, naming the entry, where it isn't there.
  const std::string& value(std::string_view name) const;
  UniqueFd take(std::string_view name);  // the descriptor is the caller's
};

// Returns the text `name` as a whole number: a System V key, an address, a port. Throws std::out_of_range if it isn't
// there, std::invalid_argument if it is none.
std::int64_t number_in(const Ticket& ticket, std::string_view name);
inline key_t key_in(const Ticket& ticket, std::string_view name) { return static_cast<key_t>(number_in(ticket, name)); }

// Returns one more descriptor of the same open file, for a second ticket. Throws std::system_error.
UniqueFd copy_of(const UniqueFd& descriptor);

// A descriptor that several seats have. Who makes it keeps none once all have theirs, or a reader would never see that
// its writers have ended.
class SharedDescriptor {
 public:
  SharedDescriptor(UniqueFd descriptor, std::size_t seats) : descriptor_(std::move(descriptor)), left_(seats) {}
  // Returns one for the next seat. Throws std::system_error.
  UniqueFd take() { return --left_ == 0 ? std::move(descriptor_) : copy_of(descriptor_); }

 private:
  UniqueFd descriptor_;
  std::size_t left_;
};

}  // namespace ipcbench
