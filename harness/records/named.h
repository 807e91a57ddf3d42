#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "harness/records/case_parts.h"
#include "harness/records/phase.h"
#include "harness/records/severity.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {

// Holds a value of the enum E that may have been read from a file. A file of another build can have a name that this
// one doesn't know: it is kept, so that it is shown and written again as it was, and it equals no value of E. The
// default is the empty name, which stands for what isn't known.
template <class E, std::optional<E> (*parse)(std::string_view) noexcept>
class NamedValue {
 public:
  NamedValue() = default;
  // NOLINTNEXTLINE(google-explicit-constructor,hicpp-explicit-conversions): a value is its name
  NamedValue(E value) noexcept : value_(value) {}
  explicit NamedValue(std::string name) : value_(parse(name)) {
    if (!value_) unknown_ = std::move(name);
  }

  // Returns none for a name that this build doesn't know.
  std::optional<E> value() const noexcept { return value_; }
  bool empty() const noexcept { return !value_ && unknown_.empty(); }
  std::string_view name() const noexcept { return value_ ? to_string(*value_) : std::string_view(unknown_); }

  friend std::string_view to_string(const NamedValue& named) noexcept { return named.name(); }
  friend bool operator==(const NamedValue& a, const NamedValue& b) noexcept = default;
  friend bool operator==(const NamedValue& named, E value) noexcept { return named.value_ == value; }
  // Orders by name.
  friend std::strong_ordering operator<=>(const NamedValue& a, const NamedValue& b) noexcept {
    return a.name() <=> b.name();
  }

 private:
  std::optional<E> value_;
  std::string unknown_;  // the name, if there is no value
};

template <class T>
inline constexpr bool kIsNamed = false;
template <class E, std::optional<E> (*parse)(std::string_view) noexcept>
inline constexpr bool kIsNamed<NamedValue<E, parse>> = true;

using ScenarioName = NamedValue<Scenario, parse_scenario>;
using WaitName = NamedValue<WaitStrategy, parse_wait_strategy>;
using PlacementName = NamedValue<Placement, parse_placement>;
using PayloadName = NamedValue<PayloadMode, parse_payload_mode>;
using PhaseName = NamedValue<Phase, parse_phase>;
using SeverityName = NamedValue<Severity, parse_severity>;

// Returns nothing for a scenario that this build doesn't know.
inline std::optional<Traffic> traffic_of(const ScenarioName& scenario) noexcept {
  return scenario.value() ? traffic_of(*scenario.value()) : std::nullopt;
}

}  // namespace ipcbench
