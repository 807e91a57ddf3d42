#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/option_info.h"

// Converts the values of options between what users write, what case ids hold, and what a loop is given.

namespace ipcbench {

// Returns what the default of `option` stands for if it is a word rather than a number; "" if it isn't.
std::string_view meaning_of_default(const OptionInfo& option);

// Returns `value` in the form of ids: sizes in bytes, rates a second, times in their largest whole unit, numbers
// without leading zeros. `owner` is the scenario or the transport that has the option. Throws UsageError, which names
// the nearest valid value.
std::string canonical_value(const OptionInfo& option, std::string_view value, std::string_view owner);

// Returns the number that a loop is given for a canonical value: bytes, a count, ns, a rate a second,
// numbered_choice(); 0 for a default that is a word.
std::uint64_t loop_number(const OptionInfo& option, std::string_view value);

}  // namespace ipcbench
