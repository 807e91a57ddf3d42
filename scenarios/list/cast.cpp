#include "scenarios/list/cast.h"

#include <algorithm>
#include <array>

namespace ipcbench {
namespace {

constexpr std::array<std::string_view, 4> kSharings = {"usual", "shared", "inbox", "per-peer"};

OptionInfo seats_option(std::string_view name, std::string_view usual, std::string_view summary) {
  return {.name = name,
          .kind = OptionInfo::Kind::count,
          .default_value = usual,
          .summary = summary,
          .most = kMostSeats - 1};
}

}  // namespace

std::string_view to_string(Sharing sharing) noexcept { return kSharings[static_cast<std::size_t>(sharing) + 1]; }

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

OptionInfo service_option() {
  return {.name = kServiceOption,
          .kind = OptionInfo::Kind::duration,
          .default_value = "0",
          .summary = "the server's work on each request",
          .most = 1'000'000};
}

OptionInfo service_by_option() {
  return {.name = kServiceByOption,
          .default_value = "busy",
          .values = {"busy", "sleep"},
          .summary = "whether the server computes or sleeps that long"};
}

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
    if (name == kServiceByOption) cast.service_sleeps = place_of(number) == 1;
  }
  return cast;
}

}  // namespace ipcbench
