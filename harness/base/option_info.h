#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ipcbench {

// OptionInfo describes an option of a scenario or a transport.
struct OptionInfo {
  enum class Kind : std::uint8_t {
    choice,
    size,      // bytes
    count,     // a whole number from 1
    duration,  // a whole number of ns, us, ms, s or min
    rate,      // a whole number a second from 1
  };
  std::string_view name;
  Kind kind = Kind::choice;
  // The value of a session whose user gives none. "0" for a number that otherwise starts at 1 means none; "default"
  // leaves a size or a count to the system.
  std::string_view default_value;
  // Of a choice; of the others those that the conformance suite tries. A choice that ends in kCounted takes a number
  // in the place of its K, from 2 to `most`.
  std::vector<std::string_view> values = {};
  std::string_view summary;
  // Names the part that the option belongs to; "" if it is the mechanism's own. Transports that share a part share its
  // options, and the conformance suite proves them on the first such transport of each shape.
  std::string_view part = "";
  // Says what a default that is a word rather than a number stands for; "" for other defaults and for choices.
  std::string_view meaning = "";
  std::uint64_t most = 0;  // the largest count, or the longest duration in ns; 0: as large as one can be
  // Other options, which must have their defaults if this one doesn't.
  std::vector<std::string_view> excludes = {};
};

// The end of a choice that takes a number: "burst-K" stands for "burst-2", "burst-3" …
inline constexpr std::string_view kCounted = "-K";

// A loop gets a choice as its place among the values, and the number that it takes above that.
constexpr std::uint64_t numbered_choice(std::uint64_t place, std::uint64_t number) noexcept {
  return place | number << 32;
}
constexpr std::size_t place_of(std::uint64_t choice) noexcept { return static_cast<std::uint32_t>(choice); }
constexpr std::uint64_t number_of(std::uint64_t choice) noexcept { return choice >> 32; }

}  // namespace ipcbench
