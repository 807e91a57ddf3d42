#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/base/option_info.h"

// A cast is all the seats of a launch: any number of producers and consumers. Scenarios with a cast have these options.

namespace ipcbench {

inline constexpr std::string_view kProducersOption = "producers", kConsumersOption = "consumers",
                                  kSharingOption = "sharing", kDeliverOption = "deliver", kServiceOption = "service",
                                  kServiceByOption = "service-by", kChannelsOption = "channels",
                                  kActiveOption = "active", kMuxOption = "mux", kHoldOption = "hold",
                                  kThinkOption = "think";

inline constexpr std::size_t kMostSeats = 256;       // of a launch
inline constexpr std::size_t kMostChannels = 4096;   // between two seats
inline constexpr std::size_t kLeastCastMessage = 8;  // bytes: who sends it, and its number
inline constexpr const char* kTooSmallForCasts = "messages of a cast have at least 8 bytes: who sends, and a number";

// Says what the seats of a cast have in common. The order is that of the option's values after the first.
enum class Sharing : std::uint8_t {
  shared,    // one object, which all producers send to and all consumers receive from
  inbox,     // one for each receiver, which all senders send to
  per_peer,  // a channel for each pair of seats
};
std::string_view to_string(Sharing sharing) noexcept;

// Says by which call a seat waits for several channels. The order is that of the option's values after the first.
enum class MuxCall : std::uint8_t {
  epoll,
  poll,
  futex_waitv,
  spin,  // none: it looks at one channel after the other
};
std::string_view to_string(MuxCall call) noexcept;

// Pattern says how many seats of each role have an object, or a cast, in common.
struct Pattern {
  std::uint16_t producers = 1;
  std::uint16_t consumers = 1;  // 0: the producers take a lock in turn
  Sharing sharing = Sharing::shared;
  bool one_way = false;  // nothing goes back, although there are but two seats

  constexpr std::size_t seats() const noexcept { return std::size_t{producers} + consumers; }
  constexpr bool is_lock() const noexcept { return consumers == 0; }
  constexpr bool is_pair() const noexcept { return producers == 1 && consumers == 1 && !one_way; }
  friend bool operator==(const Pattern&, const Pattern&) = default;
};

// Cast is what a scenario with many seats does.
struct Cast {
  Pattern pattern;
  bool is_sharing_chosen = false;  // else the mechanism's first form is meant
  bool to_all = false;             // each message goes to every consumer; else each to one, in turn
  bool has_answers = false;        // producers are clients, the consumer is their server
  bool answers_back = false;       // by the object that requests come by; else each client has one for its answers
  std::uint64_t service_ns = 0;    // the server's work on each message
  bool service_sleeps = false;     // it sleeps that long; else it computes
  std::uint16_t channels = 0;      // from the producer to the consumer; 0: as many as `pattern` says
  std::uint16_t active = 0;        // of these channels messages go by so many
  std::optional<MuxCall> mux;      // none: by what its channels are
  std::uint64_t hold_ns = 0;       // that a seat computes while it has the lock
  std::uint64_t think_ns = 0;      // and before it takes the lock again
};

// Describe options, for a scenario to choose from. `fewest` and `usual` are numbers of seats.
OptionInfo producers_option(std::string_view usual, std::string_view summary);
OptionInfo consumers_option(std::string_view usual, std::string_view summary);
OptionInfo sharing_option();
OptionInfo deliver_option();
OptionInfo service_option();
OptionInfo service_by_option();
OptionInfo channels_option();
OptionInfo active_option();
OptionInfo mux_option();
OptionInfo hold_option();
OptionInfo think_option();

// Decodes the numbers that a loop is given for `options`, those of a scenario with a cast.
Cast cast_of(std::span<const OptionInfo> options, std::span<const std::uint64_t> numbers) noexcept;

}  // namespace ipcbench
