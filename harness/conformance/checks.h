#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/conformance/subject.h"
#include "harness/conformance/trial.h"

namespace ipcbench {

// CheckScope says whose transports a check is for.
enum class CheckScope : std::uint8_t {
  all,
  own_workers,  // built-in ones and plug-ins: both sides run loops of this program
  built_in,     // claims that plug-ins can't make
};

// ConformanceCheck is one proof of what a transport promises. `run` returns if it holds, and throws what trial.h has if
// not.
struct ConformanceCheck {
  std::string_view name;    // "round-trips": lower case and '-'
  std::string_view proves;  // a sentence without a full stop
  CheckScope scope = CheckScope::all;
  bool (*applies)(const Subject&) = nullptr;  // null: to every subject of the scope
  void (*run)(const Trial&) = nullptr;
};

// Returns all checks in the order in which they are made.
const std::vector<ConformanceCheck>& conformance_checks();

// Return the checks of one file each.
std::span<const ConformanceCheck> claim_checks();
std::span<const ConformanceCheck> payload_checks();
std::span<const ConformanceCheck> life_cycle_checks();
std::span<const ConformanceCheck> cast_checks();
std::span<const ConformanceCheck> cast_form_checks();

// Returns whether a check is made of a subject, whose transport must have been built.
bool applies_to(const ConformanceCheck& check, const Subject& subject);

enum class CheckResult : std::uint8_t { passed, skipped, failed };
std::string_view to_string(CheckResult result) noexcept;

// CheckReport says how a check of a subject ended.
struct CheckReport {
  CheckResult result = CheckResult::passed;
  std::string text = {};  // what was seen, or why it was skipped; "" if it passed
};

// Makes a check in this process, which a faulty transport may crash or hold up: contained_check.h has another way.
CheckReport make_check(const ConformanceCheck& check, const Subject& subject, const TrialSettings& settings) noexcept;

}  // namespace ipcbench
