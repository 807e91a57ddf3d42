#include "scenarios/list/cast.h"

#include <algorithm>
#include <array>

namespace ipcbench {
namespace {

constexpr std::array<std::string_view, 4> kSharings = {"usual", "shared", "inbox", "per-peer"};
constexpr std::array<std::string_view, 5> kMuxCalls = {"usual", "epoll", "poll", "futex-waitv", "spin"};

OptionInfo seats_option(std::string_view name, std::string_view usual, std::string_view summary) {
  return {.name = name,
          .kind = OptionInfo::Kind::count,
          .default_value = usual,
          .summary = summary,
          .most = kMostSeats - 1};
}

OptionInfo work_option(std::string_view name, std::string_view summary) {
  return {
      .name = name, .kind = OptionInfo::Kind::duration, .default_value = "0", .summary = summary, .most = 1'000'000};
}

}  // namespace

std::string_view to_string(Sharing sharing) noexcept { return kSharings[static_cast<std::size_t>(sharing) + 1]; }

std::string_view to_string(MuxCall call) noexcept { return kMuxCalls[static_cast<std::size_t>(call) + 1]; }

OptionInfo producers_option(std::string_view usual, std::string_view summary) {
  return seats_option(kProducersOption, usual, summary);
}

OptionInfo consumers_option(std::string_view usual, std::string_view summary) {
  return seats_option(kConsumersOption, usual, summary);
}

OptionInfo sharing_option() {
  return {.name = kSharingOption,
          .default_value = kSharings.front(),
          .values = {kSharings.begin(), kSharings.end()},
          .summary =
              "one object for all, an inbox for each receiver, or a channel for each pair; usual: the first of "
              "these that the mechanism has, which ids then name"};
}

OptionInfo deliver_option() {
  return {.name = kDeliverOption,
          .default_value = "one",
          .values = {"one", "all"},
          .summary = "whether a message goes to one consumer, in turn, or to all of them"};
}

OptionInfo service_option() { return work_option(kServiceOption, "the server's work on each request"); }

OptionInfo service_by_option() {
  return {.name = kServiceByOption,
          .default_value = "busy",
          .values = {"busy", "sleep"},
          .summary = "whether the server computes or sleeps that long"};
}

OptionInfo channels_option() {
  return {.name = kChannelsOption,
          .kind = OptionInfo::Kind::count,
          .default_value = "64",
          .summary = "channels that the consumer waits for",
          .most = kMostChannels};
}

OptionInfo active_option() {
  return {.name = kActiveOption,
          .kind = OptionInfo::Kind::count,
          .default_value = "all",
          .summary = "channels of these that messages go by, evenly spread over all",
          .meaning = "messages go by every channel",
          .most = kMostChannels};
}

OptionInfo mux_option() {
  return {.name = kMuxOption,
          .default_value = kMuxCalls.front(),
          .values = {kMuxCalls.begin(), kMuxCalls.end()},
          .summary =
              "how the consumer waits for its channels; usual: by epoll where they are descriptors, by "
              "futex-waitv where they are rings, which ids then name"};
}

OptionInfo hold_option() { return work_option(kHoldOption, "how long a process computes while it has the lock"); }

OptionInfo think_option() { return work_option(kThinkOption, "how long it computes before it takes the lock again"); }

Cast cast_of(std::span<const OptionInfo> options, std::span<const std::uint64_t> numbers) noexcept {
  Cast cast;
  for (std::size_t i = 0; i < std::min(options.size(), numbers.size()); ++i) {
    const std::string_view name = options[i].name;
    const std::uint64_t number = numbers[i];
    if (name == kProducersOption) cast.pattern.producers = static_cast<std::uint16_t>(number);
    if (name == kConsumersOption) cast.pattern.consumers = static_cast<std::uint16_t>(number);
    if (name == kSharingOption && place_of(number) > 0 && place_of(number) < kSharings.size()) {
      cast.is_sharing_chosen = true;
      cast.pattern.sharing = static_cast<Sharing>(place_of(number) - 1);
    }
    if (name == kDeliverOption) cast.to_all = place_of(number) == 1;
    if (name == kServiceOption) cast.service_ns = number;
    if (name == kHoldOption) cast.hold_ns = number;
    if (name == kThinkOption) cast.think_ns = number;
    if (name == kServiceByOption) cast.service_sleeps = place_of(number) == 1;
    if (name == kChannelsOption) cast.channels = static_cast<std::uint16_t>(number);
    if (name == kActiveOption) cast.active = static_cast<std::uint16_t>(number);
    if (name == kMuxOption && place_of(number) > 0 && place_of(number) < kMuxCalls.size())
      cast.mux = static_cast<MuxCall>(place_of(number) - 1);
  }
  if (cast.channels != 0) cast.pattern.sharing = Sharing::per_peer;
  if (cast.active == 0) cast.active = cast.channels;
  return cast;
}

}  // namespace ipcbench
