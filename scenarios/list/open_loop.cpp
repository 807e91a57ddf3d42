#include "scenarios/list/open_loop.h"

#include <algorithm>

#include "scenarios/list/cast.h"

namespace ipcbench {

std::vector<OptionInfo> open_loop_options() {
  return {{.name = kRateOption,
           .kind = OptionInfo::Kind::rate,
           .default_value = "max",
           .summary = "messages a second: 20000, 20k, 1M; max: all are due at once, which measures saturation",
           .meaning = "all are due at once",
           .excludes = {kLoadOption}},
          {.name = kLoadOption,
           .kind = OptionInfo::Kind::count,
           .default_value = "none",
           .summary = "messages a second as per cent of the saturation that the run measures first, in place of rate",
           .meaning = "the rate is given",
           .most = 1000,
           .excludes = {kRateOption}},
          {.name = kScheduleOption,
           .default_value = "constant",
           .values = {"constant", "poisson", "burst-K"},
           .summary = "when messages are due: evenly, at random, or K at a time",
           .most = 1024},
          {.name = kFormOption,
           .default_value = "one-way",
           .values = {"one-way", "round-trip"},
           .summary = "whether a message is answered; then one is under way at a time"},
          {.name = kPacerOption,
           .default_value = "sleep",
           .values = {"sleep", "spin"},
           .summary = "how the sender waits for a message's time: by a timer, or by reading the clock"},
          {.name = kSilenceOption,
           .kind = OptionInfo::Kind::duration,
           .default_value = "none",
           .summary = "round trips after silence: a message is sent this long after the answer to the one before",
           .meaning = "there is a schedule",
           .most = kLongestSilenceNs,
           .excludes = {kRateOption, kLoadOption, kScheduleOption, kFormOption, kPacerOption, kConsumersOption,
                        kProducersOption, kSharingOption}},
          consumers_option("1", "processes that receive"),
          producers_option("1", "processes that send, each its part of the rate by a schedule of its own"),
          sharing_option()};
}

OpenLoop open_loop(std::span<const std::uint64_t> numbers) noexcept {
  if (numbers.size() < 6) return {};
  const std::uint64_t silence_ns = numbers[5];
  return {.rate_per_s = numbers[kRateAt],
          .load_percent = numbers[1],
          .arrivals = static_cast<Arrivals>(place_of(numbers[2])),
          .burst = std::max<std::uint64_t>(number_of(numbers[2]), 1),
          .form = silence_ns != 0 ? LoopForm::round_trip : static_cast<LoopForm>(place_of(numbers[3])),
          .pacing = static_cast<Pacing>(place_of(numbers[4])),
          .silence_ns = silence_ns};
}

}  // namespace ipcbench
