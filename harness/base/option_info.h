#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace ipcbench {

// OptionInfo describes an option of a scenario or a transport.
struct OptionInfo {
  enum class Kind : std::uint8_t { choice, size, count };
  std::string_view name;
  Kind kind = Kind::choice;
  // The value of a session whose user gives none. "0" for a count, which otherwise starts at 1, means none; "default"
  // leaves a size or a count to the system.
  std::string_view default_value;
  std::vector<std::string_view> values = {};  // of a choice; of the others those that the conformance suite tries
  std::string_view summary;
  // Names the part that the option belongs to; "" if it is the mechanism's own. Transports that share a part share its
  // options, and the conformance suite proves them on the first such transport of each shape.
  std::string_view part = "";
};

}  // namespace ipcbench
