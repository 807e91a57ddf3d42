#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "harness/base/option_info.h"
#include "harness/records/case_parts.h"
#include "scenarios/list/cast.h"

namespace ipcbench {

enum class Shape : std::uint8_t { byte_stream, message, loan, notify };
enum class Direction : std::uint8_t { one_way, two_way };                // of the kernel object
enum class Persistence : std::uint8_t { process, kernel, file_system };  // what the object or its name outlives
enum class FoundBy : std::uint8_t { inherited, path, name, key, address, pid };
enum class WhenFull : std::uint8_t { blocks, fails, loses, merges };

std::string_view to_string(Shape) noexcept;
std::string_view to_string(Direction) noexcept;
std::string_view to_string(Persistence) noexcept;
std::string_view to_string(FoundBy) noexcept;
std::string_view to_string(WhenFull) noexcept;

// The most words that a process can sleep on at once: FUTEX_WAITV_MAX.
inline constexpr std::size_t kMostWaitWords = 128;

inline constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

// Capabilities describe a mechanism as data. The planner, the tables and the result file use them; the conformance
// suite proves them.
struct Capabilities {
  Shape shape = Shape::byte_stream;
  Direction direction = Direction::one_way;
  Persistence persistence = Persistence::process;
  FoundBy rendezvous = FoundBy::inherited;
  std::size_t min_message = 1;           // bytes; 0 for notify
  std::size_t max_message = kUnlimited;  // bytes, declared by the mechanism; probe() may lower it on this host
  std::size_t in_flight_bytes = 0;       // payload a direction holds by default before it is full; 0: unspecified
  bool carries_payload = true;
  bool keeps_boundaries = false;  // one send is one receive
  bool reliable = true;
  bool ordered = true;
  bool typed = false;  // selective receive
  bool priorities = false;
  bool self_synchronising = true;  // the fast side waits for the slow one without help
  bool one_to_many = false;
  bool many_to_many = false;
  bool many_senders = false;                     // several processes send to one object, from which one receives
  bool many_receivers = false;                   // several receive from one object, each message once
  bool locks = false;                            // one process at a time has it, and others wait for it
  bool answers_back = false;                     // its receiver answers each of many senders by the same object
  std::size_t most_shared_message = kUnlimited;  // bytes that stay together where several send
  std::size_t descriptors = 2;                   // that a one-way channel keeps open, in the process with most of them
  bool related_only = false;                     // needs a common ancestor
  bool fork_only = false;  // a worker must be forked from the coordinator: what it has can't be handed over
  bool crosses_hosts = false;
  bool access_control = false;  // file permissions or credentials guard it
  bool pollable = false;
  bool many_by_word = false;     // a reader can sleep on the words of several channels at once
  bool sees_peer_close = false;  // the death of the peer is reported in band
  bool fast_path = false;        // enters the kernel only to sleep and to wake a sleeper
  WhenFull when_full = WhenFull::blocks;
  std::string_view needs_service = "";  // a daemon it can't do without
};

// Says why a mechanism can't stand behind a cast in this way; "" if it can.
std::string sharing_refusal(const Cast& cast, const Capabilities& can);
// Says why a mechanism is no lock that a cast could take in turn; "" if it is one.
std::string lock_refusal(const Capabilities& can);
// Says why one seat can't wait for a cast's many channels of such a mechanism; "" if it can.
std::string channels_refusal(const Cast& cast, const Capabilities& can, WaitStrategy wait);
// Returns how a seat waits for many channels where no call is asked for; none if it can't.
std::optional<MuxCall> usual_mux(const Capabilities& can, WaitStrategy wait) noexcept;

// Why is the kind of reason for which something can't run on this host.
enum class Why : std::uint8_t { not_built, not_supported, no_permission, no_resource };
std::string_view to_string(Why) noexcept;

struct Available {
  std::size_t max_message = kUnlimited;  // bytes on this host
  std::string limit;                     // what sets it: "/proc/sys/fs/mqueue/msgsize_max is 8192"
};
struct Unavailable {
  Why why = Why::not_supported;
  std::string reason;  // a sentence without a full stop
};
using Availability = std::variant<Available, Unavailable>;

// Turns a reason why something can't run into an Availability; "" means that it can.
Availability available_unless(Why why, std::string reason);

}  // namespace ipcbench
