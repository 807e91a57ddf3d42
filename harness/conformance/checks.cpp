#include "harness/conformance/checks.h"

#include <exception>

namespace ipcbench {

const std::vector<ConformanceCheck>& conformance_checks() {
  static const std::vector<ConformanceCheck> all = [] {
    std::vector<ConformanceCheck> checks;
    for (const auto part : {claim_checks(), payload_checks(), life_cycle_checks(), cast_checks(), cast_form_checks()})
      checks.insert(checks.end(), part.begin(), part.end());
    return checks;
  }();
  return all;
}

bool applies_to(const ConformanceCheck& check, const Subject& subject) {
  if (check.scope == CheckScope::built_in && !subject.is_built_in()) return false;
  if (check.scope == CheckScope::own_workers && !subject.has_own_workers()) return false;
  return check.applies == nullptr || check.applies(subject);
}

std::string_view to_string(CheckResult result) noexcept {
  switch (result) {
    case CheckResult::passed:
      return "passed";
    case CheckResult::skipped:
      return "skipped";
    case CheckResult::failed:
      break;
  }
  return "failed";
}

CheckReport make_check(const ConformanceCheck& check, const Subject& subject, const TrialSettings& settings) noexcept {
  try {
    check.run(Trial(subject, settings));
  } catch (const CheckSkipped& skipped) {
    return {.result = CheckResult::skipped, .text = skipped.what()};
  } catch (const std::exception& error) {
    return {.result = CheckResult::failed, .text = error.what()};
  }
  return {};
}

}  // namespace ipcbench
