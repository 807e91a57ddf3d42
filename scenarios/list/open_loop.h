#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "harness/base/option_info.h"

// An open loop sends by a schedule that doesn't wait for the receiver: Traffic::scheduled. All scenarios of that kind
// have these options. A silence makes it a closed one: a message follows the answer to the one before by that time.

namespace ipcbench {

inline constexpr std::string_view kRateOption = "rate", kLoadOption = "load", kScheduleOption = "schedule",
                                  kFormOption = "form", kPacerOption = "pacer", kSilenceOption = "silence";

inline constexpr std::uint64_t kLongestSilenceNs = 10'000'000'000;

// Rule 26: a block with a rate lasts this many times what its queue takes to settle. A rate whose block would last
// longer than the longest isn't measured.
inline constexpr double kRelaxations = 20, kLongestScheduleNs = 10e9;

// Arrivals, LoopForm and Pacing are in the order of the options' values.
enum class Arrivals : std::uint8_t { constant, poisson, burst };
enum class LoopForm : std::uint8_t {
  one_way,     // one side sends by the schedule, the other receives
  round_trip,  // one message under way: the next is sent when it is due, or once the answer is back
};
enum class Pacing : std::uint8_t { sleep, spin };

struct OpenLoop {
  // Returns whether the sender ever waits for a message's time; otherwise the block measures saturation.
  constexpr bool is_paced() const noexcept { return rate_per_s != 0 || load_percent != 0 || silence_ns != 0; }

  std::uint64_t rate_per_s = 0;    // 0: every message is due at once, or a silence after the answer before
  std::uint64_t load_percent = 0;  // of the saturation; 0: the rate is given
  Arrivals arrivals = Arrivals::constant;
  std::uint64_t burst = 1;  // messages that are due together
  LoopForm form = LoopForm::one_way;
  Pacing pacing = Pacing::sleep;
  std::uint64_t silence_ns = 0;  // between an answer and the next message; 0: there is a schedule
};

inline constexpr std::size_t kRateAt = 0;  // the place of the rate among the options

// Describes the options, in the order of the numbers that open_loop() takes. The last are those of a cast: with one of
// them given, a launch has a cast, and each producer sends its part of the rate.
std::vector<OptionInfo> open_loop_options();
// Decodes the numbers that a loop is given for them.
OpenLoop open_loop(std::span<const std::uint64_t> numbers) noexcept;

}  // namespace ipcbench
